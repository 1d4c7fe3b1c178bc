import type { ReportBlock } from '#contract'
import type { TrainingDevice } from '#ml/neural/best-device'
import type { EpochRecord, TrainingOutcome } from '#ml/neural/trainer'
import type { LayerFact } from './layer-list.ts'

/** How a training went, as the model carries it. */
export interface Course {
  readonly history: readonly EpochRecord[]
  readonly bestEpoch: number
  readonly reason: TrainingOutcome['reason']
  readonly validatedOn: 'split' | 'held out' | 'nothing'
  readonly validationRows: number
  readonly layers: readonly LayerFact[]
  /** Where it was trained, and why there; the CPU unless told. */
  readonly device?: TrainingDevice
  /** Columns, pictures or words. */
  readonly learnedFrom: string
  /** Of the validation rows, else of the training rows; rows actual, columns predicted. */
  readonly confusion?: readonly (readonly number[])[]
}

/** Loss by epoch; what a running step shows and what its report begins with. */
export function curveBlock(history: readonly EpochRecord[], bestEpoch: number): ReportBlock {
  const x = history.map(({ epoch }) => epoch + 1)
  const judged = history.some(({ validationLoss }) => validationLoss !== undefined)
  const best = history[bestEpoch]
  return {
    block: 'chart',
    title: 'Loss by epoch',
    ...(judged && best && { note: `The parameters of epoch ${bestEpoch + 1} are the best so far.` }),
    chart: {
      type: 'line',
      x: 'epoch',
      y: 'loss',
      series: [
        { name: 'training', x, y: history.map(({ loss }) => loss) },
        ...(judged ? [{ name: 'validation', x, y: history.map(({ validationLoss }) => validationLoss ?? null) }] : []),
      ],
    },
  }
}
