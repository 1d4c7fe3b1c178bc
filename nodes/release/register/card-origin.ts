import type { BlockCell, JsonValue, Model, ReportBlock } from '#contract'
import { formatBytes, formatCount, formatInteger } from '#report/format-number'
import { learnerName } from '../../fairness/report/wording.ts'
import type { CardMaterial } from './model-card.ts'

type Fact = readonly [string, BlockCell]

const factTable = (about: string, facts: readonly Fact[]): ReportBlock => ({
  block: 'table',
  columns: [about, 'Value'],
  rows: facts.filter(([, value]) => value !== ''),
})

export function modelBlocks({ model }: CardMaterial): ReportBlock[] {
  return [
    { block: 'heading', text: 'The model' },
    factTable('Property', [
      ['Predicts', model.target ?? ''],
      ['Classes', model.classes?.join(', ') ?? ''],
      ['Threshold', model.threshold === undefined ? '' : `${model.threshold} for ${model.positive}`],
      ['Kind', `${learnerName(model)} (${model.learner.type})`],
      ['Settings', settings(model.learner.params)],
      ['From the columns', model.features.map(({ name }) => name).join(', ')],
      ['Never from', model.protected.join(', ')],
      ['Size', formatBytes(model.onnxBytes)],
    ]),
  ]
}

const mostSettings = 20

/** Settings that are one value each; what a learner keeps of its results among them is no setting. */
function settings(params: JsonValue): string {
  if (typeof params !== 'object' || params === null) return ''
  const plain = Object.entries(params).filter(([, value]) => typeof value !== 'object' && value !== '')
  const shown = plain.slice(0, mostSettings).map(([name, value]) => `${name} ${value}`)
  return shown.join(', ') + (plain.length > mostSettings ? ' …' : '')
}

/** Where the rows come from that it learned from and was judged on. */
export function dataBlocks({ model, data, evaluations }: CardMaterial): ReportBlock[] {
  const judged = new Map(evaluations.map((one) => [`${one.table} ${one.split}`, one]))
  return [
    { block: 'heading', text: 'The data' },
    data.trim()
      ? { block: 'text', text: data }
      : {
          block: 'text',
          tone: 'stale',
          text: 'Nobody has written down where the data come from and whom they leave out.',
        },
    {
      block: 'table',
      columns: ['Use', 'Rows', 'Part', 'Table'],
      rows: [
        ['Trained on', model.training.rows, 'train', model.training.table],
        ...[...judged.values()].map((one): BlockCell[] => ['Judged on', one.rows, one.split, one.table]),
      ],
    },
  ]
}

/** Names by which the lineage finds everything again. */
export function originBlocks({ model, modelHash }: CardMaterial): ReportBlock[] {
  const from = fromOf(model)
  return [
    {
      block: 'heading',
      text: 'Where it comes from',
      note: `plumbline lineage ${modelHash.slice(0, 12)} shows every step before it`,
    },
    factTable('Origin', [
      ['Model', modelHash],
      ['File', model.onnx],
      ['Made by', `${model.learner.type}, version ${model.learner.version}`],
      ['Made from', from],
      ['Trained on', formatCount(model.training.rows, 'row')],
      ['Seed', formatInteger(model.training.seed)],
      ['Training table', model.training.table],
      ['Made with', `Plumbline ${model.engine}`],
    ]),
  ]
}

/** The learner whose model was changed afterwards, as by quantising. */
function fromOf({ learner: { params } }: Model): string {
  const from = typeof params === 'object' && params !== null && 'from' in params ? params['from'] : undefined
  return typeof from === 'object' && from !== null && 'type' in from ? String(from['type']) : ''
}
