/** npm run node:new family/name: a node's folder, complete enough to pass types, tests and the conformance suite. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generate } from './generate.ts'

const root = path.resolve(import.meta.dirname, '..')

/** Files of a new node, by name; `type` is family/name. */
export function newNodeFiles(type: string): ReadonlyMap<string, string> {
  return new Map([
    ['node.ts', definitionSource(type)],
    ['node.test.ts', testSource(type)],
    ['example.plumb.json', exampleSource(type)],
  ])
}

function definitionSource(type: string): string {
  const name = type.split('/')[1]!
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
  return `import { z } from 'zod'
import { defineNode, type Frame } from '#contract'
import { takeRows } from '#ml/frame'

/** The first rows of a table, all when it has fewer. */
export function firstRows(frame: Frame, rows: number): Frame {
  const kept = Math.min(rows, frame.rows)
  return takeRows(
    frame,
    Uint32Array.from({ length: kept }, (_, row) => row),
  )
}

export default defineNode({
  type: '${type}',
  version: 1,
  title: '${title}',
  doc: 'Keeps the first rows of a table. Replace this text: say what the node does, for whom, and where its formula is from.',
  keywords: [],
  inputs: { table: { type: 'table', doc: 'Rows to keep from' } },
  outputs: { table: { type: 'table', doc: 'The rows that were kept' } },
  params: z.object({
    rows: z.int().min(1).default(100).meta({ title: 'Rows', description: 'How many rows to keep', unit: 'rows' }),
  }),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, params, context }) => {
    const frame = await context.tables.read(inputs.table)
    context.progress(0.5)
    const table = await context.tables.write(firstRows(frame, params.rows))
    context.progress(1)
    return { table }
  },
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`
}

function testSource(type: string): string {
  return `import { expect, test } from 'vitest'
import type { Frame } from '#contract'
import { firstRows } from './node.ts'

const frame: Frame = {
  rows: 3,
  columns: [
    { name: 'x', type: 'number', nullable: false, cells: { kind: 'number', values: Float64Array.of(1, 2, 3) } },
  ],
}

test.each([
  [2, [1, 2]],
  [9, [1, 2, 3]],
])('${type}: the first %i rows', (rows, expected) => {
  const kept = firstRows(frame, rows)
  expect(kept.rows).toBe(expected.length)
  expect(kept.columns[0]!.cells).toEqual({ kind: 'number', values: Float64Array.from(expected) })
})
`
}

function exampleSource(type: string): string {
  const id = type.split('/')[1]!
  const document = {
    format: 1,
    name: `Example of ${type}`,
    description: '',
    seed: 1,
    nodes: { [id]: { type, version: 1, params: {} }, rows: { type: 'data/example', version: 1, params: {} } },
    edges: [{ from: 'rows.table', to: `${id}.table` }],
    inputs: {},
    layout: { [id]: [260, 0], rows: [0, 0] },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

async function main(type: string | undefined): Promise<number> {
  if (!type || !/^[a-z]+\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type)) {
    console.error('Usage: npm run node:new family/name   (lower-case words, joined by hyphens)')
    return 2
  }
  const folder = path.join(root, 'nodes', type)
  if (existsSync(folder)) {
    console.error(`nodes/${type} exists already. Choose another name.`)
    return 2
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, source] of newNodeFiles(type)) writeFileSync(path.join(folder, name), source)
  await generate()
  console.log(`Wrote nodes/${type} and added it to the catalogue. Next: edit node.ts, then npm test.`)
  return 0
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename)
  process.exitCode = await main(process.argv[2])
