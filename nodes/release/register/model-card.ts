import type { Evaluation, Hash, Metric, Model, Release, Report, ReportBlock, RequiredReviewer } from '#contract'

export interface CardMaterial {
  readonly name: string
  readonly description: string
  readonly limits: string
  readonly model: Model
  readonly modelHash: Hash
  readonly evaluations: readonly Evaluation[]
  readonly releases: readonly Release[]
  readonly reviewers: readonly RequiredReviewer[]
}

const tasks: Readonly<Record<Model['purpose'], string>> = {
  preparation: 'nothing',
  binary: 'one of two classes',
  multiclass: 'one of several classes',
  regression: 'a number',
}

/** The model card: purpose, data, figures, fairness, limits and reviewers (Mitchell et al. 2019, doi 10.1145/3287560.3287596). */
export function modelCard(a: CardMaterial): Report {
  const { model } = a
  return {
    kind: 'report',
    title: `Model card: ${a.name}`,
    subtitle: `Predicts ${model.target ?? 'the target'}, ${tasks[model.purpose]}; made by ${model.learner.type}`,
    model: a.modelHash,
    blocks: [
      { block: 'heading', text: 'Purpose' },
      { block: 'text', text: a.description || 'Nobody has written down what this model is for.' },
      { block: 'heading', text: 'Data and model' },
      factTable(a),
      ...figureBlocks('Figures', modelFigures(a)),
      ...figureBlocks('Fairness', fairnessFigures(a)),
      { block: 'heading', text: 'Limits' },
      { block: 'text', text: a.limits || 'No limits of use were written down.' },
      ...gateBlocks(a.releases),
      ...reviewerBlocks(a.reviewers),
    ],
  }
}

function factTable({ model, modelHash }: CardMaterial): ReportBlock {
  const rows: (readonly [string, string])[] = [
    ['Trained on', `${model.training.rows} rows, seed ${model.training.seed}`],
    ['From the columns', model.features.map(({ name }) => name).join(', ')],
    ['Never from', model.protected.join(', ')],
    ['Classes', model.classes?.join(', ') ?? ''],
    ['Threshold', model.threshold === undefined ? '' : `${model.threshold} for ${model.positive}`],
    ['Model', modelHash],
    ['Training table', model.training.table],
    ['Made with', `Plumbline ${model.engine}`],
  ]
  return { block: 'table', columns: ['Fact', 'Value'], rows: rows.filter(([, value]) => value !== '') }
}

type Figure = readonly [Metric, string]

/** Figures of the evaluations; those the learner gave where none was wired. */
function modelFigures({ model, evaluations }: CardMaterial): readonly Figure[] {
  const judged = evaluations.filter(({ subject }) => subject !== 'fairness')
  if (judged.length === 0) return model.metrics.map((metric) => [metric, 'as trained'])
  return judged.flatMap(({ metrics, split, rows }) =>
    metrics.map((metric): Figure => [metric, `${rows} rows of ${split}`]),
  )
}

function fairnessFigures({ evaluations }: CardMaterial): readonly Figure[] {
  return evaluations
    .filter(({ subject }) => subject === 'fairness')
    .flatMap(({ metrics, split, rows }) => metrics.map((metric): Figure => [metric, `${rows} rows of ${split}`]))
}

function figureBlocks(title: string, figures: readonly Figure[]): ReportBlock[] {
  const rows = figures.map(([metric, from]) => {
    const { value, low, high, n } = metric
    return [
      metric.label,
      {
        value,
        ...(low === undefined ? {} : { low }),
        ...(high === undefined ? {} : { high }),
        ...(n === undefined ? {} : { n }),
      },
      from,
    ]
  })
  const block: ReportBlock =
    rows.length > 0
      ? { block: 'table', columns: ['Figure', 'Value', 'Judged on'], rows }
      : { block: 'text', text: 'Nothing was measured.', tone: 'stale' }
  return [{ block: 'heading', text: title }, block]
}

function gateBlocks(releases: readonly Release[]): ReportBlock[] {
  const gates = releases.flatMap(({ checks }) =>
    checks.map(({ label, verdict, reason }) => ({ label, verdict, value: reason })),
  )
  return gates.length > 0
    ? [
        { block: 'heading', text: 'Gates' },
        { block: 'gates', gates },
      ]
    : []
}

function reviewerBlocks(reviewers: readonly RequiredReviewer[]): ReportBlock[] {
  if (reviewers.length === 0) return []
  return [
    { block: 'heading', text: 'Reviewers' },
    { block: 'table', columns: ['Before', 'Who approves'], rows: reviewers.map(({ stage, role }) => [stage, role]) },
  ]
}
