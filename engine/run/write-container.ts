import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DataSchema, type Hash, type Model, ProblemError, type RegistryRequest } from '#contract'
import type { ContentFiles } from '#store/content-files'
import { importedNames, resolveImport } from './imports.ts'

interface ContainerOrder {
  readonly project: string
  readonly files: ContentFiles
  readonly request: Extract<RegistryRequest, { type: 'container' }>
  readonly name: string
  readonly version: number
  readonly schema?: Hash
}

const root = path.resolve(import.meta.dirname, '..', '..')
/** The program of the container: the same code that serves here, without store and request log. */
const program = new URL('../serve/container-server.ts', import.meta.url)

/** Writes Dockerfile, README, model.onnx, model.json, serving.json, what reasons stand on and the serving code with the packages it needs into a folder of the project. */
export function writeContainer({ project, files, request, name, version, schema }: ContainerOrder): void {
  const folder = containerFolder(project, request.folder)
  mkdirSync(folder, { recursive: true })
  const model = JSON.parse(readFileSync(files.path(request.model), 'utf8')) as Model
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text)
  const { sources, packages } = reachable(fileURLToPath(program))
  for (const source of sources) {
    const target = path.join(folder, path.relative(root, source))
    mkdirSync(path.dirname(target), { recursive: true })
    copyFileSync(source, target)
  }
  copyFileSync(files.path(model.onnx), path.join(folder, 'model.onnx'))
  write('model.json', `${JSON.stringify(model, null, 2)}\n`)
  if (request.reasons) {
    copyFileSync(files.path(request.reasons), path.join(folder, 'reasons.json'))
    if (model.trees) copyFileSync(files.path(model.trees), path.join(folder, 'trees.json'))
  } else for (const file of ['reasons.json', 'trees.json']) rmSync(path.join(folder, file), { force: true })
  const { fallback } = request
  const contract = schema && (JSON.parse(readFileSync(files.path(schema), 'utf8')) as DataSchema).columns
  const settings = { name, version, ...(fallback && { fallback }), ...(contract && { contract }) }
  write('serving.json', `${JSON.stringify(settings, null, 2)}\n`)
  write('package.json', packageFile(name, version, packages))
  write('Dockerfile', dockerfile)
  write('README.md', readMe({ name, version, reasons: request.reasons !== undefined }))
}

function readMe({
  name,
  version,
  reasons,
}: {
  readonly name: string
  readonly version: number
  readonly reasons: boolean
}) {
  return `# ${name}, version ${version}

Answers POST /v1/predict and the Open Inference Protocol at port 8600; /openapi.json describes it.

    docker build -t ${name} . && docker run -p 8600:8600 ${name}

or without a container: \`npm install --omit=dev --ignore-scripts\`, then \`node engine/serve/container-server.ts\` (Node 24).

| file | what it is |
| --- | --- |
| model.onnx | the model, preparation included |
| model.json | its columns, classes and limits |
| serving.json | name, fallback rule and data contract |
${reasons ? reasonFiles : ''}| engine/ | the code that serves |

${reasons ? 'Reasons: `POST /v1/predict?reasons=1`.' : 'It gives no reasons: it was written without what they compare with.'}
It keeps no log but standard output, and has no passwords and no TLS.
`
}

const reasonFiles = `| reasons.json | what reasons compare with: means, or training rows of people where the model is neither linear nor made of trees |
| trees.json | the trees, where it is made of them |
`

function containerFolder(project: string, name: string): string {
  const folder = path.resolve(project, name)
  const inside = path.relative(project, folder)
  if (inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside)) return folder
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The folder "${name}" of the container is not inside the project.`,
    path: ['params', 'folder'],
    fix: 'Name a folder below the project folder, as serving/loans',
  })
}

function reachable(start: string): { readonly sources: readonly string[]; readonly packages: readonly string[] } {
  const sources = new Set<string>()
  const packages = new Set<string>()
  const open = [start]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (sources.has(file)) continue
    sources.add(file)
    for (const name of importedNames(readFileSync(file, 'utf8'))) {
      const target = resolveImport(name, file)
      if (target?.file) open.push(target.file)
      if (target?.package) packages.add(target.package)
    }
  }
  return { sources: [...sources].sort(), packages: [...packages].sort() }
}

function packageFile(name: string, version: number, packages: readonly string[]): string {
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly imports: Readonly<Record<string, string>>
    readonly dependencies: Readonly<Record<string, string>>
  }
  const dependencies = Object.fromEntries(packages.map((one) => [one, own.dependencies[one]]))
  const content = {
    name: `serve-${name}`,
    version: `${version}.0.0`,
    private: true,
    type: 'module',
    imports: own.imports,
    dependencies,
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

const dockerfile = `FROM node:24-slim
WORKDIR /app
COPY package.json ./
RUN npm install --omit=dev --ignore-scripts
COPY . .
USER node
EXPOSE 8600
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8600/v2/health/ready').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "engine/serve/container-server.ts"]
`
