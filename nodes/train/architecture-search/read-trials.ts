import type { Frame, RunContext, Table } from '#contract'
import type { CandidateRecord } from '#ml/architecture/architecture-search'
import { cellText, columnOf } from '#ml/frame'

/** The records of a search from its table of trials. */
export async function readTrials(trials: Table, context: RunContext): Promise<readonly CandidateRecord[]> {
  const frame = await context.tables.read(trials)
  return Array.from({ length: frame.rows }, (_, row) => recordAt(frame, row))
}

function recordAt(frame: Frame, row: number): CandidateRecord {
  const text = (name: string) => cellText(columnOf(frame, name), row)
  const number = (name: string) => {
    const cells = columnOf(frame, name).cells
    const value = cells.kind === 'number' ? cells.values[row]! : Number.NaN
    return Number.isNaN(value) ? null : value
  }
  const [parent, what, settings] = [number('parent'), text('change'), text('settings')]
  const [median, p95] = [number('latency_ms'), number('latency_p95_ms')]
  return {
    number: number('candidate')!,
    network: JSON.parse(text('network')!) as CandidateRecord['network'],
    ...(settings !== null && { settings: JSON.parse(settings) as NonNullable<CandidateRecord['settings']> }),
    ...(parent !== null && { parent }),
    ...(what !== null && { what }),
    bytes: number('bytes')!,
    multiplyAdds: number('multiply_adds')!,
    parameters: number('parameters')!,
    ...(median !== null && p95 !== null && { latency: { median, p95 } }),
    status: text('status') as CandidateRecord['status'],
    quality: number('quality'),
    loss: number('validation_loss'),
    score: number('score'),
    epochs: number('epochs')!,
  }
}
