import type { BlockCell, CardFact, Metric, Model, ReportBlock } from '#contract'
import type { Network } from '#ml/neural/network'
import { formatInteger, formatNumber } from '#report/format-number'
import { type Course, curveBlock } from './course.ts'
import type { LayerFact } from './layer-list.ts'
import { layersPicture } from './layers-picture.ts'
import type { NetworkParams } from './params.ts'

const courseOf = (model: Model) => model.network?.course as unknown as Course | undefined

/** On validation rows where there are some. */
function headline({ metrics, purpose }: Model): Metric | undefined {
  const name = purpose === 'regression' ? 'r2' : purpose === 'binary' ? 'roc_auc' : 'accuracy'
  const find = (full: string) => metrics.find((metric) => metric.name === full && metric.value !== null)
  return find(`validation.${name}`) ?? find(`train.${name}`) ?? metrics[0]
}

export function networkCard(model: Model): CardFact {
  const best = headline(model)
  const history = courseOf(model)?.history ?? []
  const losses = history.map(({ loss, validationLoss }) => validationLoss ?? loss)
  const short = { regression: 'R²', binary: 'AUC', multiclass: 'accuracy', preparation: '' }[model.purpose]
  const where = best?.name.startsWith('validation') ? 'on validation' : 'on training rows'
  return {
    text: `${best ? `**${short} ${formatNumber(best.value, 3)}** ${where}, ` : ''}${formatInteger(history.length)} epochs${devicePlace(model)}`,
    ...(losses.length > 1 && { picture: { type: 'line', series: [losses] } }),
  }
}

/** Where a network was trained and why there, for the end of a card. */
export function devicePlace(model: Model): string {
  const device = courseOf(model)?.device
  return device ? ` on ${device.name} (${shortened(device.why)})` : ''
}

const shortened = (why: string) => (why.length > 60 ? `${why.slice(0, 59)}…` : why)

const ends: Readonly<Record<Course['reason'], string>> = {
  finished: 'all epochs were done',
  'stopped-early': 'the validation loss no longer fell',
  cancelled: 'it was asked to finish early',
  diverged: 'it ran away',
}

export function networkReport(model: Model): readonly ReportBlock[] {
  const course = courseOf(model)
  if (!course) return []
  const { history, bestEpoch, layers } = course
  return [
    { block: 'heading', text: 'Neural network', note: `${formatInteger(total(layers))} parameters` },
    ...model.metrics.map(
      ({ label, value, low, high, n }): ReportBlock => ({
        block: 'metric',
        label,
        estimate: { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }), ...(n && { n }) },
        format: 'number',
      }),
    ),
    ...(history.length > 0 ? [curveBlock(history, bestEpoch)] : []),
    facts(model, course),
    ...drawing(model),
    layerTable(layers),
    ...confusionBlock(model, course),
  ]
}

const total = (layers: readonly LayerFact[]) => layers.reduce((sum, { parameters }) => sum + parameters, 0)

const validated: Readonly<Record<Course['validatedOn'], string>> = {
  split: 'validation rows of the split',
  'held out': 'training rows that were held out',
  nothing: 'none, so the last epoch counts',
}

function facts({ training, learner, protected: names }: Model, course: Course): ReportBlock {
  // What a search that trained the network does not choose.
  const given = learner.params as unknown as Partial<NetworkParams>
  const params = { optimizer: 'adam', schedule: 'constant', ...given }
  const rows: (readonly [string, BlockCell])[] = [
    ['Learned from', course.learnedFrom],
    ['Training rows', training.rows],
    ['Rows that validate', `${formatInteger(course.validationRows)}: ${validated[course.validatedOn]}`],
    ['Epochs', `${course.history.length} of ${params.epochs}: ${ends[course.reason]}`],
    ['Kept epoch', course.validatedOn === 'nothing' ? course.history.length : Math.max(0, course.bestEpoch + 1)],
    ['Optimiser', `${params.optimizer}, learning rate ${params.learningRate}, ${params.schedule}`],
    ...(course.device ? [['Device', `${course.device.name}: ${course.device.why}`] as const] : []),
    ['Rows a step', params.batch ?? null],
    ['Class weight', params.classWeight ?? null],
    ['Protected columns, not used', names.length === 0 ? 'none' : names.join(', ')],
  ]
  return { block: 'table', title: 'The training', columns: ['Fact', 'Value'], rows }
}

const layerNames: Readonly<Record<LayerFact['kind'], string>> = {
  dense: 'dense',
  convolution: 'convolution',
  maxPool: 'max pooling',
  averagePool: 'average pooling',
  globalAveragePool: 'global pooling',
  flatten: 'flatten',
  activation: 'activation',
  dropout: 'dropout',
  batchNorm: 'batch normalisation',
  layerNorm: 'layer normalisation',
  embedding: 'word vectors',
  columnEmbedding: 'category vectors',
  wordMean: 'mean of word vectors',
  sequenceConvolution: 'runs of words',
  sequenceMaximum: 'largest over the words',
  residualStart: 'residual begins',
  residualEnd: 'residual ends',
}

function drawing({ network }: Model): readonly ReportBlock[] {
  const design = network?.design as unknown as Network | undefined
  if (!design) return []
  return [
    {
      block: 'chart',
      title: 'The network',
      note: 'From the input down; a box is filled by its share of all learned values, a line beside them is a way around.',
      chart: layersPicture(design),
    },
  ]
}

const layerTable = (layers: readonly LayerFact[]): ReportBlock => ({
  block: 'table',
  title: 'Layers',
  columns: ['Layer', 'Output', 'Parameters'],
  rows: layers.map(({ kind, shape, parameters }) => [layerNames[kind], shape.join(' × '), parameters]),
})

function confusionBlock({ classes }: Model, { confusion, validationRows }: Course): readonly ReportBlock[] {
  if (!classes || !confusion || classes.length > 30) return []
  return [
    {
      block: 'chart',
      title: validationRows > 0 ? 'Confusion on the validation rows' : 'Confusion on the training rows',
      chart: { type: 'matrix', rows: classes, columns: classes, values: confusion, x: 'predicted', y: 'actual' },
    },
  ]
}
