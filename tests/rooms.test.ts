import { spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

const runAndBelow = [
  ...['engine/contract', 'engine/graph', 'engine/ml', 'engine/report', 'nodes'],
  ...['engine/compute', 'engine/store', 'engine/run'],
]

/** Which rooms a room may import; the table of docs/architecture.md. Every room may import `contract`. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'engine/contract': [],
  'engine/graph': ['engine/contract'],
  'engine/ml': ['engine/contract'],
  'engine/report': ['engine/contract'],
  nodes: ['engine/contract', 'engine/ml', 'engine/report'],
  'engine/compute': ['engine/contract', 'engine/graph', 'engine/ml', 'engine/report'],
  'engine/store': ['engine/contract', 'engine/graph', 'engine/ml', 'engine/report'],
  'engine/run': ['engine/contract', 'engine/graph', 'engine/ml', 'engine/report', 'engine/compute', 'engine/store'],
  'engine/serve': runAndBelow.filter((room) => room !== 'nodes'),
  'engine/host': runAndBelow,
  'engine/cli': [...runAndBelow, 'engine/serve', 'engine/host'],
  'engine/check': [...runAndBelow, 'engine/host'],
  electron: ['engine/contract'],
  renderer: ['engine/contract', 'engine/graph', 'engine/report'],
}
const rooms = Object.keys(mayImport)
const pure = ['engine/contract', 'engine/graph', 'engine/ml', 'engine/report', 'nodes', 'renderer']

/** How a file in `from` names a file of `to`. */
function specifier(from: string, to: string): string {
  if (to === 'engine/contract') return '#contract'
  if (to === 'nodes') return '#nodes'
  if (to.startsWith('engine/')) return `#${to.slice('engine/'.length)}/sample`
  return `${path.posix.relative(from, to)}/sample.ts`
}

const fileName = (to: string) => `imports-${to.replaceAll('/', '-').replace(':', '-')}.ts`
const expected = (from: string) => rooms.filter((to) => to !== from && !mayImport[from]!.includes(to)).map(fileName)

/** A copy of the project's configuration around rooms whose only files import one other room each. */
let copy = ''
beforeAll(() => {
  copy = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-rooms-')))
  for (const file of ['package.json', 'biome.json', 'tsconfig.base.json'])
    cpSync(path.join(root, file), path.join(copy, file))
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction')
  for (const room of rooms) {
    mkdirSync(path.join(copy, room), { recursive: true })
    cpSync(path.join(root, room, 'tsconfig.json'), path.join(copy, room, 'tsconfig.json'))
    const own = room === 'engine/contract' ? 'index.ts' : room === 'nodes' ? 'catalogue.ts' : 'sample.ts'
    writeFileSync(path.join(copy, room, own), 'export const sample = 1\n')
  }
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function addImports(): void {
  for (const from of rooms) {
    for (const to of rooms) if (to !== from) write(from, to, specifier(from, to))
    write(from, 'node:fs', 'node:fs')
  }
}
function write(from: string, to: string, imported: string): void {
  writeFileSync(
    path.join(copy, from, fileName(to)),
    `import * as there from '${imported}'\n\nexport const use = there\n`,
  )
}

function tool(...parameters: string[]): { status: number | null; output: string } {
  const result = spawnSync(process.execPath, parameters, { cwd: copy, encoding: 'utf8' })
  return { status: result.status, output: result.stdout + result.stderr }
}
const tsc = (room: string) => tool(path.join(root, 'node_modules/typescript/bin/tsc'), '-b', room, '--pretty', 'false')

/** Files of a room named in error lines. */
function failing(output: string, room: string): string[] {
  const names = [...output.matchAll(/(?:^|[\s"])([\w./-]+\/imports-[\w-]+\.ts)/gm)].map((match) => match[1]!)
  return [
    ...new Set(names.filter((name) => path.posix.dirname(name) === room).map((name) => path.posix.basename(name))),
  ]
}

test('the configuration compiles before any room imports another', () => {
  for (const room of rooms) expect(tsc(room), room).toMatchObject({ status: 0 })
})

test.each(rooms)('the compiler lets %s import what the table says and nothing else', (room) => {
  addImports()
  const wrong = [...expected(room), ...(pure.includes(room) ? [fileName('node:fs')] : [])]
  for (const other of rooms.filter((name) => name !== room))
    for (const file of globSync('imports-*.ts', { cwd: path.join(copy, other) })) rmSync(path.join(copy, other, file))
  expect(failing(tsc(room).output, room).sort()).toEqual(wrong.sort())
})

test('the linter says the same of every import by alias', () => {
  addImports()
  const { output } = tool(
    path.join(root, 'node_modules/@biomejs/biome/bin/biome'),
    ...[
      'lint',
      '--vcs-enabled=false',
      '--only=style/noRestrictedImports',
      '--reporter=github',
      '--max-diagnostics=none',
      '.',
    ],
  )
  for (const room of rooms) {
    const byAlias = expected(room).filter((file) => !/-(electron|renderer)\.ts$/.test(file))
    const found = [...output.matchAll(/file=([\w./-]+),/g)].map((match) => path.posix.relative(copy, match[1]!))
    const wrong = [...byAlias, ...(pure.includes(room) ? [fileName('node:fs')] : [])]
    const names = found.filter((file) => path.posix.dirname(file) === room).map((file) => path.posix.basename(file))
    expect([...new Set(names)].sort(), room).toEqual(wrong.sort())
  }
})

test('docs/architecture.md names every room', () => {
  const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')
  for (const room of rooms) expect(page).toContain(`\`${room}${room === 'nodes' ? '/<family>/<name>' : ''}\``)
})
