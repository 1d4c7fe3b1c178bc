import type { Frame } from '#contract'
import type { CandidateRecord } from '#ml/architecture/architecture-search'
import { describeNetwork } from '#ml/architecture/architecture-space'
import { columnFrom, frameOf } from '#ml/frame-of'

/** Every candidate as a row: what it was, what it cost, what came of it. */
export function trialsFrame(records: readonly CandidateRecord[]): Frame {
  const text = (name: string, of: (record: CandidateRecord) => string | null) =>
    columnFrom(name, 'text', records.map(of))
  const number = (
    name: string,
    of: (record: CandidateRecord) => number | null,
    type: 'number' | 'integer' = 'number',
  ) => columnFrom(name, type, records.map(of))
  return frameOf(
    number('candidate', (record) => record.number, 'integer'),
    text('status', (record) => record.status),
    number('score', (record) => record.score),
    number('quality', (record) => record.quality),
    number('validation_loss', (record) => record.loss),
    number('epochs', (record) => record.epochs, 'integer'),
    number('parameters', (record) => record.parameters, 'integer'),
    number('bytes', (record) => record.bytes, 'integer'),
    number('multiply_adds', (record) => record.multiplyAdds, 'integer'),
    number('latency_ms', (record) => record.latency?.median ?? null),
    number('latency_p95_ms', (record) => record.latency?.p95 ?? null),
    number('parent', (record) => record.parent ?? null, 'integer'),
    text('change', (record) => record.what ?? null),
    text('layers', (record) => describeNetwork(record.network)),
    text('settings', (record) => (record.settings ? JSON.stringify(record.settings) : null)),
    text('network', (record) => JSON.stringify(record.network)),
  )
}

export const trialColumns = trialsFrame([]).columns.map(({ cells: _, ...column }) => ({ ...column, nullable: true }))
