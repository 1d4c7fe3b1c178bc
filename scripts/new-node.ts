/** npm run node:new family/name: a node's folder, complete enough to pass types, tests and the conformance suite. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { newNodeExample, newNodeSource } from '#cli/node-template'
import { generate } from './generate.ts'

const root = path.resolve(import.meta.dirname, '..')

/** Files of a new node, by name; `type` is family/name. */
export function newNodeFiles(type: string): ReadonlyMap<string, string> {
  return new Map([
    ['node.ts', newNodeSource(type)],
    ['node.test.ts', testSource(type)],
    ['example.plumb.json', newNodeExample(type)],
  ])
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
