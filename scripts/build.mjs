// Builds what a host needs when its sources changed since the last time.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { root } from './node24.mjs'

const sources = {
  client: ['renderer/**', 'engine/{contract,graph,report}/**'],
  desktop: ['electron/**', 'engine/**', 'nodes/**'],
}
const environments = { client: ['client'], desktop: ['main', 'preload', 'engine'] }
const results = { client: 'dist/renderer/index.html', desktop: 'dist/main/main.js' }

/**
 * @param {'client' | 'desktop'} part the page, or what Electron runs besides it
 * @returns {Promise<boolean>} true when it had to be built
 */
export async function ensureBuilt(part) {
  const stampFile = path.join(root, 'dist', `.${part}-sources`)
  const digest = sourceDigest(sources[part])
  if (existsSync(path.join(root, results[part])) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest)
    return false
  console.log(part === 'client' ? 'Building the app …' : 'Building the desktop host …')
  const { createBuilder } = await import('vite')
  const builder = await createBuilder({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'error' })
  for (const name of environments[part]) {
    const environment = builder.environments[name]
    if (environment) await builder.build(environment)
  }
  writeFileSync(stampFile, digest)
  return true
}

/**
 * Compiles what the command line and its worker processes load, unless that is done. Each build has a folder of its
 * own: who runs an older one goes on to load its modules.
 * @returns {Promise<{ main: string }>} the command line's module
 */
export async function ensureProgram() {
  const { compiledProgram, fileStamp, forgetProgram, recordFile } = await import('../engine/run/compiled-program.ts')
  const mainSource = path.join(root, 'engine/cli/main.ts')
  const known = compiledProgram()?.modules.get(mainSource)
  if (known) return { main: known }
  const files = programFiles()
  const stamps = files.map((file) => fileStamp(path.join(root, file)))
  const folder = `dist/program/${sourceDigest(['engine/**', 'nodes/**']).slice(0, 12)}`
  const code = await programCode(files)
  if (!existsSync(path.join(root, folder))) await buildProgram(path.join(root, folder))
  const modules = Object.fromEntries(
    Object.entries(programModules).map(([source, name]) => [source, `${folder}/${name}`]),
  )
  const sources = `${folder}/sources.json`
  const forms = `${folder}/forms.json`
  replaceFile(path.join(root, sources), code.sources)
  replaceFile(path.join(root, forms), nodeForms())
  replaceFile(recordFile, { modules, files, stamps, reached: code.reached, sources, forms })
  forgetProgram()
  return { main: path.join(root, modules['engine/cli/main.ts'] ?? '') }
}

/**
 * What cache keys need to know of the sources.
 * @param {string[]} files
 */
async function programCode(files) {
  const { sourceFile } = await import('../engine/run/source-file.ts')
  const { closureOf, reachedCode } = await import('../engine/run/reached-code.ts')
  const relative = (/** @type {string} */ file) => path.relative(root, file).split(path.sep).join('/')
  const sources = new Map(
    files
      .filter((file) => !file.endsWith('.json'))
      .map((file) => {
        const source = sourceFile(path.join(root, file))
        return [file, { ...source, files: source.files.map(relative) }]
      }),
  )
  const reached = (/** @type {string[]} */ ...roots) =>
    reachedCode([...roots, 'engine/run/perform-step.ts'].map((file) => closureOf(file, (name) => sources.get(name))))
  return {
    sources: Object.fromEntries(sources),
    reached: { '': reached(), ...Object.fromEntries(nodeFiles.map((file) => [file, reached(file)])) },
  }
}

/** The form of each node, by type. */
function nodeForms() {
  const program = path.join(root, 'scripts/node-forms.mjs')
  return JSON.parse(execFileSync(process.execPath, [program], { encoding: 'utf8', maxBuffer: 1 << 26 }))
}

/**
 * @param {string} file
 * @param {object} content
 */
function replaceFile(file, content) {
  writeFileSync(`${file}.new`, JSON.stringify(content))
  renameSync(`${file}.new`, file)
}

/** Every node's file, named from the clone. */
export const nodeFiles = globSync('nodes/*/*/node.ts', { cwd: root }).map((file) => file.split(path.sep).join('/'))

/**
 * A node's compiled module, all of them in one folder.
 * @param {string} file
 */
export const nodeModule = (file) => path.posix.dirname(file).replaceAll('/', '-')

const programModules = {
  'engine/cli/main.ts': 'main.js',
  'engine/run/engine.ts': 'engine.js',
  'engine/host/engine-process.ts': 'process.js',
  'nodes/catalogue.ts': 'catalogue.js',
  'engine/run/worker.ts': 'steps/worker.js',
  ...Object.fromEntries(nodeFiles.map((file) => [file, `steps/${nodeModule(file)}.js`])),
}

function programFiles() {
  const own = globSync('{engine,nodes}/**/*.{ts,wasm}', { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !/\.test\.ts$|\/(?:testing-|assembly\/)/.test(file))
  return [...own.sort(), 'package.json', 'package-lock.json']
}

/** So long who runs an older build may load more of it. */
const keptMs = 7 * 86_400_000

/** @param {string} folder */
async function buildProgram(folder) {
  const { createBuilder } = await import('vite')
  const parent = path.dirname(folder)
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) {
    const old = path.join(parent, name)
    if (Date.now() - statSync(old).mtimeMs > keptMs) rmSync(old, { recursive: true, force: true })
  }
  const making = `${folder}-${process.pid}`
  const builder = await createBuilder({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
    environments: {
      program: { build: { outDir: making } },
      steps: { build: { outDir: path.join(making, 'steps') } },
    },
  })
  const { program, steps } = builder.environments
  if (program) await builder.build(program)
  if (steps) await builder.build(steps)
  if (!existsSync(folder)) renameSync(making, folder)
  else rmSync(making, { recursive: true, force: true })
}

/** @param {string[]} patterns */
function sourceDigest(patterns) {
  const files = globSync([...patterns, 'vite.config.ts', 'package-lock.json'], { cwd: root })
    .filter((file) => !/\.test\.tsx?$/.test(file) && statSync(path.join(root, file)).isFile())
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    const content = readFileSync(path.join(root, file))
    hash.update(`${file.split(path.sep).join('/')}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}
