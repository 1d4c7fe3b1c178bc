import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeCard, PipelineDocument, Problem } from '#contract'
import { applyEdits } from '#graph/apply-edits'
import { problemCures } from '#graph/cures/problem-cures'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'
import { type SeededFailure, seededFailures, soundPipeline, writePeople } from './seeded-failures.ts'

let folder = ''
let engine: OpenEngine
let cards: readonly NodeCard[]
const file = 'people.plumb.json'
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-failures-'))
  writePeople(folder)
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  engine = await createEngine({ project: folder, catalogue, catalogueUrl })
  cards = await engine.catalogue()
})
afterAll(async () => {
  await engine?.close()
  rmSync(folder, { recursive: true, force: true })
})

const stops = ({ level }: Problem) => level !== 'warning'

/** What stands in the way of a pipeline: by a check, and then by a run as far as the node. */
async function problemsOf(document: PipelineDocument, failure: SeededFailure): Promise<readonly Problem[]> {
  const check = await engine.check({ document, file })
  const early = check.problems.filter(stops)
  if (early.length > 0 || failure.before) return early
  const { id } = await engine.run({ document, file, targets: [failure.node] })
  await engine.idle(id)
  const { steps } = await engine.runDetail({ run: id })
  return steps.flatMap(({ problems }) => problems).filter(stops)
}

const mostClicks = 2

/** The likeliest cure of the first problem that has one, as often as it takes. */
async function cured(failure: SeededFailure, seeded: PipelineDocument): Promise<boolean> {
  const { entries } = await engine.files({ folder: '.' })
  const files = entries.flatMap((entry) => (entry.folder ? [] : [entry.name]))
  let document = seeded
  for (let click = 0; click <= mostClicks; click++) {
    const problems = await problemsOf(document, failure)
    if (problems.length === 0) return true
    const { nodes } = await engine.check({ document, file })
    const [cure] = problems.flatMap((problem) => problemCures(problem, { document, cards, nodes, files }))
    if (!cure || click === mostClicks) return false
    expect(cure.label).toMatch(/^[A-Z]/)
    document = applyEdits(document, cure.edits)
  }
  return false
}

test('the pipeline without a mistake runs', { timeout: 120_000 }, async () => {
  const { id } = await engine.run({ document: soundPipeline, file })
  expect((await engine.idle(id)).status).toBe('done')
})

const outcomes: { name: string; named: boolean; cured: boolean }[] = []

test.each(seededFailures)('$name', { timeout: 60_000 }, async (failure) => {
  const seeded = failure.seed(soundPipeline, folder)
  const problems = await problemsOf(seeded, failure)
  expect(problems.map(({ node }) => node)).toContain(failure.node)
  for (const { fix, message } of problems) {
    expect(message).not.toBe('')
    expect(fix).toMatch(/^[A-Z]/)
  }
  outcomes.push({ name: failure.name, named: true, cured: await cured(failure, seeded) })
})

test('at least 40 failures, the right node named in all, a cure that works in three of four', () => {
  expect(seededFailures.length).toBeGreaterThanOrEqual(40)
  expect(outcomes.filter(({ named }) => named)).toHaveLength(seededFailures.length)
  const left = outcomes.filter((outcome) => !outcome.cured).map(({ name }) => name)
  expect(left).toEqual(['a target of one value'])
})
