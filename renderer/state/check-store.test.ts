import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DocumentCheck } from '#contract'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { createSampleEngine } from '../client/sample-engine.test-support.ts'
import { createCheckStore } from './check-store.ts'
import { createDocumentStore } from './document-store.ts'
import { disconnect } from './edits/connect.ts'
import { moveNodes } from './edits/move-nodes.ts'
import { createRunStore } from './run-store.ts'

function opened() {
  const engine = createSampleEngine()
  const asked = vi.spyOn(engine, 'check')
  const documents = createDocumentStore()
  const runs = createRunStore()
  const checks = createCheckStore(engine, documents, runs)
  documents.open({ path: 'a.plumb.json', document: sampleDocument, revision: '1' })
  return { asked, documents, runs, checks }
}

describe('check store', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('knows columns before any run and says what a removed wire breaks', async () => {
    const { documents, checks } = opened()
    await vi.advanceTimersByTimeAsync(200)
    expect(checks.getState().check?.nodes.train?.state).toBe('ready')
    documents.edit('Disconnect', (document) => disconnect(document, [{ from: 'split.table', to: 'train.table' }]))
    await vi.advanceTimersByTimeAsync(200)
    expect(checks.getState().check?.nodes.train).toMatchObject({ state: 'not-configured' })
  })

  it('keeps what it knew of nodes that an edit does not concern', async () => {
    const { documents, checks } = opened()
    await vi.advanceTimersByTimeAsync(200)
    const before = checks.getState().check!
    documents.edit('Disconnect', (document) => disconnect(document, [{ from: 'split.table', to: 'train.table' }]))
    await vi.advanceTimersByTimeAsync(200)
    const now = checks.getState().check!
    expect(now.nodes.read).toBe(before.nodes.read)
    expect(now.nodes.train).not.toBe(before.nodes.train)
  })

  it('asks once for many quick edits, and not at all for a move', async () => {
    const { asked, documents } = opened()
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveBeenCalledTimes(1)
    documents.edit('Move', (document) => moveNodes(document, { train: [1, 2] }))
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveBeenCalledTimes(1)
    for (const edge of sampleDocument.edges.slice(0, 3)) documents.edit('x', (document) => disconnect(document, [edge]))
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('drops an answer that a newer question has overtaken', async () => {
    const { asked, documents, checks } = opened()
    await vi.advanceTimersByTimeAsync(200)
    let late: (value: DocumentCheck) => void = () => {}
    asked.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
    documents.edit('x', (document) => ({ ...document, seed: 2 }))
    await vi.advanceTimersByTimeAsync(100)
    documents.edit('x', (document) => ({ ...document, seed: 3 }))
    await vi.advanceTimersByTimeAsync(200)
    late({ problems: [], nodes: {}, lint: [] })
    await vi.advanceTimersByTimeAsync(10)
    expect(checks.getState().of?.seed).toBe(3)
    expect(checks.getState().check?.nodes.train).toBeDefined()
  })

  it('asks again when a run has ended', async () => {
    const { asked, runs } = opened()
    await vi.advanceTimersByTimeAsync(200)
    runs.receive({ type: 'run', id: 'r', status: 'running', pipeline: 'x' })
    runs.started('r')
    runs.receive({ type: 'run', id: 'r', status: 'done', pipeline: 'x' })
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveBeenCalledTimes(2)
  })
})
