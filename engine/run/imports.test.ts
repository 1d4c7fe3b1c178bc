import { expect, test } from 'vitest'
import { importedNames, resolveImport } from './imports.ts'

test.each([
  ["import { a } from './a.ts'", ['./a.ts']],
  ["import {\n  a,\n  type B,\n} from './a.ts'", ['./a.ts']],
  ["import './effect.ts'", ['./effect.ts']],
  ["import a, * as b from 'zod'", ['zod']],
  ["export * from './a.ts'\nexport { b } from './b.ts'", ['./a.ts', './b.ts']],
  ["import type { A } from './a.ts'\nexport type { B } from './b.ts'", []],
  ["import type from './type.ts'", ['./type.ts']],
  ["const a = await import('./late.ts')", ['./late.ts']],
  ["const file = new URL('./kernel.wasm', import.meta.url)", ['./kernel.wasm']],
  ["const file = new URL('kernel.wasm', import.meta.url)", ['./kernel.wasm']],
  ["export const name = 'text'\nconst other = \"from 'nowhere'\"", []],
])('%s', (text, names) => {
  expect(importedNames(text)).toEqual(names)
})

test('names are found through the imports map, packages by their name, the rest is nothing', () => {
  const here = import.meta.filename
  expect(resolveImport('#contract', here)?.file).toMatch(/engine.contract.index\.ts$/)
  expect(resolveImport('#graph/plan', here)?.file).toMatch(/engine.graph.plan\.ts$/)
  expect(resolveImport('./imports.ts', here)?.file).toMatch(/engine.run.imports\.ts$/)
  expect(resolveImport('@duckdb/node-api/lib', here)).toEqual({ package: '@duckdb/node-api' })
  expect(resolveImport('zod', here)).toEqual({ package: 'zod' })
  for (const nothing of ['node:fs', 'data:text/plain,x', '#absent/name'])
    expect(resolveImport(nothing, here)).toBeUndefined()
})
