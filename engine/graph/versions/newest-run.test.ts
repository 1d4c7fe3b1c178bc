import { expect, it } from 'vitest'
import type { PipelineDocument, RunDetail, RunSummary } from '#contract'
import { parseDocument } from '../parse.ts'
import { newestRunOf } from './newest-run.ts'

const documentOf = (seed: number): PipelineDocument =>
  parseDocument(JSON.stringify({ format: 1, name: 'Loans', seed, nodes: {} })).document!
const ran: Readonly<Record<string, PipelineDocument>> = {
  third: documentOf(2),
  second: documentOf(1),
  first: documentOf(1),
}
const engine = {
  runs: async () => Object.keys(ran).map((id) => ({ id }) as RunSummary),
  runDetail: async ({ run }: { run: string }) => ({ document: ran[run]! }) as RunDetail,
}

it('finds the newest run that computed the same', async () => {
  expect(await newestRunOf(engine, { ...documentOf(1), name: 'Renamed' })).toBe('second')
  expect(await newestRunOf(engine, documentOf(2))).toBe('third')
  expect(await newestRunOf(engine, documentOf(3))).toBeUndefined()
})
