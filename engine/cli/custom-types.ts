import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { customFolder } from '#run/custom/custom-folder'

const program = path.resolve(import.meta.dirname, '../..')

/** Where the types of what custom nodes import are, for the editor and the type check; it names places of this computer. */
export function customTypesConfig(folder: string): string {
  const from = (name: string) => path.join(program, name)
  const config = {
    extends: from('tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      emitDeclarationOnly: false,
      noEmit: true,
      module: 'preserve',
      moduleResolution: 'bundler',
      rootDir: path.parse(program).root,
      types: ['node'],
      typeRoots: [from('node_modules/@types')],
      paths: {
        '#contract': [from('engine/contract/index.ts')],
        '#ml/*': [from('engine/ml/*.ts')],
        '#report/*': [from('engine/report/*.ts')],
        zod: [from('node_modules/zod')],
      },
    },
    include: [path.join(folder, '**/*.ts')],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** What the type check says of one node of the project; undefined where no TypeScript is installed with the program. */
export async function checkCustomTypes(project: string, name: string): Promise<readonly string[] | undefined> {
  const compiler = findCompiler()
  if (!compiler) return undefined
  const place = mkdtempSync(path.join(os.tmpdir(), 'plumbline-types-'))
  try {
    const config = path.join(place, 'tsconfig.json')
    writeFileSync(config, customTypesConfig(path.join(project, customFolder, name)))
    const output = await new Promise<string>((resolve) =>
      execFile(process.execPath, [compiler, '-p', config, '--pretty', 'false'], { cwd: project }, (_, out, error) =>
        resolve(`${out}${error}`),
      ),
    )
    return output.split('\n').filter((line) => line.trim() !== '')
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function findCompiler(): string | undefined {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  } catch {
    return undefined
  }
}
