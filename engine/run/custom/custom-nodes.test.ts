import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '../engine.ts'
import { runToEnd } from '../testing-project.ts'
import { networkLock } from './network-lock.ts'

let folder: string
let settings: string
const engines: OpenEngine[] = []
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-custom-'))
  settings = mkdtempSync(path.join(tmpdir(), 'plumbline-settings-'))
})
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
  for (const place of [folder, settings]) rmSync(place, { recursive: true, force: true })
})

async function open(project = folder) {
  const catalogueUrl = new URL('../../../nodes/catalogue.ts', import.meta.url).href
  const engine = await createEngine({ project, catalogue, catalogueUrl, settings, threads: 2 })
  engines.push(engine)
  return engine
}

/** A node that keeps some rows; `body` runs first. */
function write(name: string, body = '', more: { rows?: number; type?: string; head?: string; doc?: string } = {}) {
  mkdirSync(path.join(folder, 'custom-nodes', name), { recursive: true })
  const source = `${more.head?.startsWith('//') ? more.head : ''}
import { z } from 'zod'
import { defineNode } from '#contract'
import { takeRows } from '#ml/frame'
${more.head?.startsWith('//') ? '' : (more.head ?? '')}
export default defineNode({
  type: '${more.type ?? `custom/${name}`}',
  version: 1,
  title: 'Head',
  doc: 'Keeps the first rows. For tests.',
  inputs: { table: { type: 'table', doc: 'Rows.' } },
  outputs: { table: { type: 'table', doc: 'First rows.' } },
  params: z.object({ rows: z.int().min(1).default(${more.rows ?? 5}).meta({ title: 'Rows', unit: 'rows' }) }),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, params, context }) => {
    ${body}
    const frame = await context.tables.read(inputs.table)
    return { table: await context.tables.write(takeRows(frame, Uint32Array.from({ length: params.rows }, (_, row) => row))) }
  },
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`
  writeFileSync(path.join(folder, 'custom-nodes', name, 'node.ts'), source)
}

const document = (params = {}) => ({
  format: 1 as const,
  name: 'Custom',
  description: '',
  seed: 1,
  nodes: {
    rows: { type: 'data/example', version: 1, params: { rows: 50 } },
    head: { type: 'custom/head', version: 1, params },
  },
  edges: [{ from: 'rows.table', to: 'head.table' }],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
})

async function trust(engine: OpenEngine, follow = false) {
  const { hash } = await engine.customNodes()
  return engine.trustCustomNodes({ hash: hash!, follow })
}
const problemOf = async (engine: OpenEngine) => {
  const { id } = await engine.run({ document: document() })
  await engine.idle(id)
  const { steps } = await engine.runDetail({ run: id })
  return steps.find(({ node }) => node === 'head')?.problems[0]
}

test('code runs only once the folder is trusted; then it is a node like any other, cache and columns included', async () => {
  write('head', '', { head: "import { writeFileSync } from 'node:fs'" })
  const engine = await open()
  expect(await engine.customNodes()).toMatchObject({
    trusted: false,
    nodes: [{ type: 'custom/head', state: 'untrusted' }],
  })
  expect((await engine.check({ document: document() })).problems[0]).toMatchObject({
    code: 'node-unknown',
    fix: expect.stringMatching(/^Trust the custom nodes/),
  })
  expect((await trust(engine)).nodes).toMatchObject([{ state: 'ready', permissions: { read: [], network: false } }])
  const card = (await engine.catalogue()).find(({ type }) => type === 'custom/head')!
  expect(card).toMatchObject({ title: 'Head', defaults: { rows: 5 } })
  expect(card.params).toMatchObject({ properties: { rows: { title: 'Rows', unit: 'rows' } } })

  const check = await engine.check({ document: document() })
  expect(check.problems).toEqual([])
  expect(check.nodes.head!.outputs.table!.columns!.length).toBeGreaterThan(3)
  expect((await engine.check({ document: document({ rows: 0 }) })).problems[0]).toMatchObject({
    code: 'parameter-bad',
    path: ['params', 'rows'],
  })
  const first = await runToEnd(engine, { document: document() })
  expect(first.summary.status).toBe('done')
  const { steps } = await engine.runDetail({ run: first.summary.id })
  expect(steps.at(-1)).toMatchObject({ card: { text: '**5** rows' }, outputs: { table: { rows: 5 } } })
  expect((await runToEnd(engine, { document: document() })).statuses.head).toBe('cached')
})

test('trust is in the content: another engine keeps it, a copy of the project elsewhere too, a changed file asks again', async () => {
  write('head')
  const first = await open()
  await trust(first)
  await first.close()
  const copy = mkdtempSync(path.join(tmpdir(), 'plumbline-custom-'))
  cpSync(path.join(folder, 'custom-nodes'), path.join(copy, 'custom-nodes'), { recursive: true })
  expect((await (await open(copy)).customNodes()).nodes).toMatchObject([{ state: 'ready' }])
  rmSync(copy, { recursive: true, force: true })
  const { hash } = await first.customNodes()
  write('head', '', { rows: 7 })
  const second = await open()
  expect((await second.customNodes()).trusted).toBe(false)
  await expect(second.trustCustomNodes({ hash: hash! })).rejects.toThrow(/changed since/)
  await trust(second)
  expect((await second.distrustCustomNodes()).nodes).toMatchObject([{ state: 'untrusted' }])
  expect((await second.catalogue()).some(({ type }) => type === 'custom/head')).toBe(false)
})

/** Every way out that we know of, and what it is answered with. */
const ways = {
  read: ["(await import('node:fs')).readFileSync(SECRET)", /restricted/],
  license: ["(await import('node:fs')).readFileSync(LICENSE)", /restricted/],
  write: ["(await import('node:fs')).writeFileSync(SECRET + '.made', 'x')", /restricted/],
  program: ["(await import('node:child_process')).execSync('id')", /restricted/],
  thread: ["new (await import('node:worker_threads')).Worker('1', { eval: true })", /restricted/],
  addon: ['process.dlopen({ exports: {} }, SECRET)', /addons is disabled/],
  binding: ["process.binding('tcp_wrap')", /process\.binding/],
  net: ["await import('node:net')", /network/],
  plain: ["await import('http')", /network/],
  dgram: ["await import('node:dgram')", /network/],
  require: ["(await import('node:module')).createRequire(import.meta.url)('https')", /network/],
  loader: ["(await import('node:module')).default._load('net')", /network/],
  hook: ["(await import('node:module')).registerHooks({})", /no custom node may/],
  builtin: ["process.getBuiltinModule('dns')", /network/],
  data: ["await import('data:text/javascript,import%20%22node:tls%22')", /network/],
  evaluated: ['await new Function(\'return import("node:http2")\')()', /network/],
  fetch: ["await fetch('http://127.0.0.1:PORT')", /fetch is not defined/],
  socket: ["new WebSocket('ws://127.0.0.1:PORT')", /WebSocket is not defined/],
  handle: ["new process.stderr.constructor().connect(PORT, '127.0.0.1')", /network/],
  inspector: ["(await import('node:inspector')).open(0)", /no custom node may/],
  database: ["await import('node:sqlite')", /no custom node may/],
  context: ["await import('node:vm')", /no custom node may/],
  flags: ["process.getBuiltinModule('v8').setFlagsFromString('--expose-gc')", /no custom node may/],
  wasi: ["await import('node:wasi')", /no custom node may/],
  signal: ['process.kill(process.ppid, 0)', /no custom node may/],
  debugger: ['process._debugProcess(process.ppid)', /no custom node may/],
  exec: ["process.execve('/bin/true', ['true'])", /restricted/],
  query: ["await context.tables.rows('SELECT 1', {})", /native/],
  environment: [
    "throw new Error('names: ' + Object.keys(process.env).filter((name) => name === 'HOME' || name === 'PATH').length)",
    /names: 0/,
  ],
} as const

test('what a node may not reach is refused, in each of many ways', async () => {
  const secret = path.join(settings, 'secret.txt')
  writeFileSync(secret, 'x')
  const license = JSON.stringify(path.resolve(import.meta.dirname, '../../../LICENSE'))
  const called: string[] = []
  const server = createServer(() => called.push('connected')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const attempts = Object.entries(ways).map(([name, [code]]) => {
    const body = code
      .replaceAll('SECRET', JSON.stringify(secret))
      .replaceAll('PORT', String(port))
      .replaceAll('LICENSE', license)
    return `await attempt('${name}', async () => { ${body} })`
  })
  const attempt = `const attempt = (name, way) =>
    way().then(() => context.log(name + ' went through'), (error) => context.log(name + ': ' + error.message))\n`
  write('head', attempt + attempts.join('\n'), { head: '// @ts-nocheck: it looks for ways out' })
  const engine = await open()
  await trust(engine)
  const { summary } = await runToEnd(engine, { document: document() })
  const { logs } = await engine.runDetail({ run: summary.id })
  server.close()
  for (const [name, [, reason]] of Object.entries(ways))
    expect(logs.find(({ message }) => message.startsWith(name))?.message, name).toMatch(reason)
  expect(called).toEqual([])
})

test('a step that reaches for what it may not have fails with the cure', async () => {
  const reaches = {
    net: ["await import('node:net')", /asked for "node:net"/, /^Work on the inputs alone, or add "network"/],
    file: ["(await import('node:fs')).readFileSync('/etc/hosts')", /read a file .*hosts/, /under "read"/],
    thread: [
      "new (await import('node:worker_threads')).Worker('1', { eval: true })",
      /start a thread/,
      /^Do the work in the node/,
    ],
  } as const
  const names = Object.keys(reaches)
  for (const [name, [body]] of Object.entries(reaches)) write(name, body)
  const engine = await open()
  await trust(engine)
  const nodes = names.map((name) => [name, { type: `custom/${name}`, version: 1, params: {} }] as const)
  const { summary } = await runToEnd(engine, {
    document: {
      ...document(),
      nodes: { rows: document().nodes.rows, ...Object.fromEntries(nodes) },
      edges: names.map((name) => ({ from: 'rows.table', to: `${name}.table` })),
    },
  })
  const { steps } = await engine.runDetail({ run: summary.id })
  for (const [name, [, message, fix]] of Object.entries(reaches))
    expect(steps.find(({ node }) => node === name)?.problems[0], name).toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
})

test('types that do not fit are found before trust and keep a node from running; mended, it runs', async () => {
  write('head', 'const rows: string = params.rows\ncontext.log(rows)')
  write('other')
  const engine = await open()
  const found = async () =>
    (await engine.customNodes()).nodes.map(({ name, state, problems }) => [name, state, problems])
  await expect.poll(async () => (await engine.customNodes()).types, { timeout: 30_000 }).toBe('checked')
  const finding = {
    code: 'code-bad',
    message: expect.stringMatching(/^custom-nodes\/head\/node\.ts, line \d+: Type 'number' is not assignable .*TS2322/),
    fix: expect.stringMatching(/^Change line \d+ of custom-nodes\/head\/node\.ts/),
  }
  expect(await found()).toEqual([
    ['head', 'untrusted', [finding]],
    ['other', 'untrusted', []],
  ])
  await trust(engine, true)
  expect(await found()).toEqual([
    ['head', 'broken', [finding]],
    ['other', 'ready', []],
  ])
  const [problem] = (await engine.check({ document: document() })).problems
  expect(problem).toMatchObject({ code: 'code-bad', node: 'head', fix: expect.stringMatching(/^Change line/) })
  expect(problem!.message).toMatch(/^The custom node custom\/head does not run: custom-nodes\/head\/node\.ts, line/)
  await expect(engine.run({ document: document() })).rejects.toThrow(/does not run/)
  const changed = new Promise<void>((resolve) => engine.subscribe(({ type }) => type === 'catalogue' && resolve()))
  write('head')
  await changed
  expect(await problemOf(engine)).toBeUndefined()
})

test.runIf(networkLock().length > 0)('where the system can, the network itself is not there', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const [command, ...before] = networkLock() as [string, ...string[]]
  const connect = `require('net').connect(${port}, '127.0.0.1').on('error', (error) => console.log(error.code)).on('connect', () => process.exit(9))`
  const tried = spawnSync(command, [...before, process.execPath, '-e', connect], { encoding: 'utf8' })
  expect([tried.status, tried.stdout.trim()]).toEqual([0, 'ENETUNREACH'])
  server.close()
})

test('a node gets what its permissions ask for', async () => {
  writeFileSync(path.join(folder, 'rates.txt'), '3')
  write(
    'head',
    `if ((await import('node:fs')).readFileSync(${JSON.stringify(path.join(folder, 'rates.txt'))}, 'utf8') !== '3') throw new Error('read')
    if (typeof fetch !== 'function') throw new Error('fetch')
    if ((await context.tables.rows('SELECT 1 AS one', {})).length !== 1) throw new Error('query')`,
  )
  writeFileSync(
    path.join(folder, 'custom-nodes', 'head', 'permissions.json'),
    JSON.stringify({ read: ['rates.txt'], network: true, native: true }),
  )
  const engine = await open()
  expect((await engine.customNodes()).nodes[0]!.permissions).toEqual({
    read: ['rates.txt'],
    network: true,
    native: true,
  })
  await trust(engine)
  expect(await problemOf(engine)).toBeUndefined()
})

test('a project behind a link runs its nodes too', async () => {
  write('head')
  const link = path.join(settings, 'link')
  symlinkSync(folder, link, 'junction')
  const engine = await open(link)
  await trust(engine)
  expect(await problemOf(engine)).toBeUndefined()
})

test('a broken node says why, and the others work', async () => {
  write('head')
  write('thrower', '', { head: "throw new Error('no luck')" })
  write('stranger', '', { type: 'data/example' })
  mkdirSync(path.join(folder, 'custom-nodes', 'open'))
  writeFileSync(path.join(folder, 'custom-nodes', 'open', 'node.ts'), 'export default {')
  write('greedy')
  writeFileSync(path.join(folder, 'custom-nodes', 'greedy', 'permissions.json'), '{"everything": true}')
  const engine = await open()
  const { nodes } = await trust(engine)
  expect(nodes.map(({ name, state }) => [name, state])).toEqual([
    ['greedy', 'broken'],
    ['head', 'ready'],
    ['open', 'broken'],
    ['stranger', 'broken'],
    ['thrower', 'broken'],
  ])
  expect(nodes.map(({ problems }) => problems[0]?.message ?? '')).toEqual([
    expect.stringMatching(/permissions\.json/),
    '',
    expect.stringMatching(/./),
    expect.stringMatching(/calls itself "data\/example"/),
    expect.stringMatching(/no luck/),
  ])
  expect(await problemOf(engine)).toBeUndefined()
})

test('a newer version brings parameters of older ones up to date; a step that fails says why', async () => {
  write('head')
  const file = path.join(folder, 'custom-nodes', 'head', 'node.ts')
  const newer = readFileSync(file, 'utf8')
    .replace('version: 1', 'version: 3')
    .replace(
      '  infer:',
      `  migrate: {
    1: ({ count, ...rest }) => {
      if (count === 13) throw new Error('thirteen rows are no rows')
      return { ...rest, size: count ?? 5 }
    },
    2: ({ size, ...rest }) => ({ ...rest, rows: Number(size) * 2 }),
  },
  infer:`,
    )
  writeFileSync(file, newer)
  const engine = await open()
  await trust(engine)
  expect((await engine.customNodes()).nodes).toMatchObject([{ state: 'ready', problems: [] }])
  writeFileSync(path.join(folder, 'old.plumb.json'), JSON.stringify(document({ count: 4 })))
  const opened = await engine.openFile({ path: 'old.plumb.json' })
  expect(opened).toMatchObject({
    migrations: [{ node: 'head', type: 'custom/head', from: 1, to: 3 }],
    document: { nodes: { head: { version: 3, params: { rows: 8 } } } },
    original: { nodes: { head: { version: 1, params: { count: 4 } } } },
  })
  const run = await runToEnd(engine, { document: document({ count: 3 }) })
  const { steps } = await engine.runDetail({ run: run.summary.id })
  expect(steps.at(-1)).toMatchObject({ outputs: { table: { rows: 6 } } })
  const set = await runToEnd(engine, { document: document({ count: 3 }), set: { 'head.rows': '2' } })
  const settled = await engine.runDetail({ run: set.summary.id })
  expect(settled.steps.at(-1)).toMatchObject({ outputs: { table: { rows: 2 } } })
  const [stuck] = (await engine.check({ document: document({ count: 13 }) })).problems
  expect(stuck).toMatchObject({ node: 'head', message: expect.stringMatching(/version 3 can not read: thirteen rows/) })
})

test('followed changes are loaded as they are saved; stale nodes say that the code changed', async () => {
  write('head')
  const engine = await open()
  await trust(engine, true)
  const file = 'custom.plumb.json'
  await runToEnd(engine, { document: document(), file })
  const changed = new Promise<void>((resolve) => engine.subscribe(({ type }) => type === 'catalogue' && resolve()))
  write('head', '', { rows: 9 })
  await changed
  expect((await engine.customNodes()).nodes).toMatchObject([{ state: 'ready' }])
  expect((await engine.catalogue()).find(({ type }) => type === 'custom/head')!.defaults).toEqual({ rows: 9 })
  const { state, why } = (await engine.check({ document: document({ rows: 5 }), file })).nodes.head!
  expect(state).toBe('stale')
  expect(why!.join()).toMatch(/code/)
})
