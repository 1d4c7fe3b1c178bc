/** The worked pipelines of `examples/`: each parses, checks, passes lint but for what is planted, and ends as its page says. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInferContext } from '#compute/context'
import type { PipelineDocument, RunStatus } from '#contract'
import { checkDocument } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { lintDocument } from '#graph/lint/lint-document'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'

const root = path.resolve(import.meta.dirname, '../..')
const suffix = '.plumb.json'
const pipelines = (folder: string) =>
  readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
const examples = pipelines('examples')

/** What lint finds because the example is about it. */
const planted: Readonly<Record<string, readonly string[]>> = {
  'customer-churn': ['target-leak'],
  'loan-approval': ['proxy-input'],
}

/** Fewer rows and trials for what takes long; the page's verdict must hold all the same. */
const shorter: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'short-texts': { 'messages.rows': 1500, 'linear.folds': 0 },
  'price-regression': { 'flats.rows': 2000 },
  'customer-churn': { 'customers.rows': 3000 },
  'nine-stages': { 'search.trials': 6, 'search.finalists': 1 },
}

const exits: Readonly<Record<string, RunStatus>> = { '0': 'done', '3': 'gate-failed', '4': 'waiting' }

/** The end that the example's page promises: "exit 3". */
function promised(name: string): RunStatus {
  const pages = [`docs/examples/${name}.md`, `docs/${name}.md`].map((page) => path.join(root, page))
  const page = pages.find((file) => existsSync(file))
  const code =
    page && new RegExp(`run examples/${name}\\.plumb\\.json\\s[^\\n]*exit (\\d)`).exec(readFileSync(page, 'utf8'))?.[1]
  const status = code ? exits[code] : undefined
  if (!status) throw new Error(`docs/examples/${name}.md has no line "run examples/${name}.plumb.json # … exit CODE"`)
  return status
}

function read(file: string): PipelineDocument {
  const text = readFileSync(path.join(root, file), 'utf8')
  const { document, problems } = parseDocument(text)
  if (!document) throw new Error(problems.map(({ message }) => message).join('\n'))
  expect(printDocument(document), `${file} as the app would save it`).toBe(text)
  return document
}

function withParameters(document: PipelineDocument, given: Readonly<Record<string, number>> = {}): PipelineDocument {
  const nodes = { ...document.nodes }
  for (const [address, value] of Object.entries(given)) {
    const [id = '', name = ''] = address.split('.')
    const node = nodes[id]
    if (!node) throw new Error(`there is no node ${id}`)
    nodes[id] = { ...node, params: { ...node.params, [name]: value } }
  }
  return { ...document, nodes }
}

let folder: string
let engine: OpenEngine
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-examples-'))
  for (const file of readdirSync(path.join(root, 'examples')).filter((name) => !name.startsWith('.')))
    cpSync(path.join(root, 'examples', file), path.join(folder, file), { recursive: true })
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  engine = await createEngine({ project: folder, catalogue, catalogueUrl, threads: 2 })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

async function checked(document: PipelineDocument, project: string) {
  const context = createInferContext({ project, temporary: path.join(folder, 'temporary') })
  const result = await checkDocument(document, catalogue, context)
  await context.close()
  return result
}

describe.each(examples)('%s', (name) => {
  const document = read(`examples/${name}${suffix}`)

  test('checks without a problem, and lint finds what is planted and nothing else', async () => {
    const result = await checked(document, folder)
    expect(result.problems).toEqual([])
    const rules = lintDocument(document, catalogue.map(describeNode), result).map(({ rule }) => rule)
    expect(rules).toEqual(planted[name] ?? [])
  })

  test('has a place on the canvas for every node, and names inputs that exist', () => {
    expect(Object.keys(document.layout).sort()).toEqual(Object.keys(document.nodes).sort())
    expect(document.frames.length).toBeGreaterThan(0)
    for (const target of Object.values(document.inputs)) expect(document.nodes).toHaveProperty(target.split('.')[0]!)
  })

  test('ends as its page says', { timeout: 60_000 }, async () => {
    const { id } = await engine.run({ document: withParameters(document, shorter[name]) })
    await engine.idle(id)
    const { status, steps } = await engine.runDetail({ run: id })
    expect(steps.filter((step) => step.status === 'failed')).toEqual([])
    expect(status).toBe(promised(name))
  })
})

const data = path.resolve(root, '../shared/data')
describe.skipIf(!existsSync(data))('on public data, where ../shared/data is there', () => {
  test.each(pipelines('docs/examples'))('%s checks without a problem', async (name) => {
    const document = read(`docs/examples/${name}${suffix}`)
    expect((await checked(document, path.join(root, 'docs/examples'))).problems).toEqual([])
  })
})
