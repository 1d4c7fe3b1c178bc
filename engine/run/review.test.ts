import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hash, JsonValue } from '#contract'
import { openStore } from '#store/open-store'
import { keepArtifact } from '#store/step-cache'
import type { OpenEngine } from './engine.ts'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
let run: string
let evaluationHash: Hash
const modelHash = 'a'.repeat(64) as Hash
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
  run = (await runToEnd(engine, { document: fullDocument(project.folder) })).summary.id
  const { steps } = await engine.runDetail({ run })
  evaluationHash = steps.find((step) => step.node === 'count')!.outputs.evaluation!.hash
  giveModel()
})
afterEach(() => project.close())

/** The small catalogue has no learner: enters a model as if the last step had made one. */
function giveModel(): void {
  const store = openStore(project.folder)
  keepArtifact(store.db, { hash: modelHash, kind: 'model', bytes: 1, references: [] })
  const step = store.db.get("SELECT id FROM steps WHERE node = 'report'")!.id as number
  store.db.run("INSERT INTO step_outputs (step, port, artifact) VALUES (?, 'model', ?)", step, modelHash)
  store.close()
}

const review = (more: Record<string, JsonValue> = {}) => ({
  format: 1,
  run,
  evaluationHash,
  modelHash,
  reviewer: 'Ana',
  role: 'Credit officer',
  decision: 'approve-with-conditions',
  comment: 'Watch the postcode.',
  features: [{ feature: 'postcode', opinion: 'ask' }],
  at: '2026-11-24T13:48:00.000Z',
  ...more,
})

test('a review that judges what the run made is kept, once', async () => {
  const stored = await engine.importReview({ review: review() })
  expect(stored).toMatchObject({ reviewer: 'Ana', run, decision: 'approve-with-conditions' })
  expect(await engine.importReview({ review: review() })).toEqual(stored)
  expect((await engine.runDetail({ run })).reviews).toEqual([stored])
  const { findings } = await engine.verify({ run })
  expect(findings.filter(({ where }) => where === 'audit chain')).toEqual([])
})

test.each(['evaluationHash', 'modelHash'])('one whose %s is of another run is refused', async (field) => {
  const other = 'b'.repeat(64)
  await expect(engine.importReview({ review: review({ [field]: other }) })).rejects.toMatchObject({
    code: 'review-mismatch',
  })
  const swapped = field === 'modelHash' ? evaluationHash : modelHash
  await expect(engine.importReview({ review: review({ [field]: swapped }) })).rejects.toMatchObject({
    code: 'review-mismatch',
  })
  expect((await engine.runDetail({ run })).reviews).toEqual([])
})

test('one of a run that is not here, and what is no review, are refused', async () => {
  await expect(engine.importReview({ review: review({ run: 'absent' }) })).rejects.toMatchObject({ code: 'not-found' })
  for (const wrong of [null, {}, review({ decision: 'maybe' }), review({ reviewer: ' ' })] as JsonValue[])
    await expect(engine.importReview({ review: wrong })).rejects.toMatchObject({ code: 'file-format' })
})

test('the page of the run is one HTML file that names the run', async () => {
  const page = await engine.reportHtml({ run })
  expect(page.name).toBe('lines-counted.html')
  expect(page.html).toContain(run)
  expect(page.html).toContain('6 lines')
  await expect(engine.reportHtml({ run, node: 'left' })).rejects.toMatchObject({ code: 'not-found' })
  const { hash } = Object.values((await engine.runDetail({ run })).steps.at(-1)!.outputs).find(
    ({ kind }) => kind === 'report',
  )!
  expect((await engine.reportHtml({ run, report: hash })).html).toBe(page.html)
  await expect(engine.reportHtml({ run, report: evaluationHash })).rejects.toMatchObject({ code: 'not-found' })
})
