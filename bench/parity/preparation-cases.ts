import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'
import { createGraph } from '#ml/onnx/graph-builder'
import {
  applyPreparation,
  emitPreparation,
  encodings,
  fitPreparation,
  matrixColumns,
  type PreparationOptions,
  preparationDefaults,
  scales,
} from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'
import type { ModelCase } from './model-cases.ts'

type Cells = ModelCase['columns']

const strange = {
  level: ['paid', null, 'astronaut', '', 'Zürich 🎯', 'none', '(other)', 'PAID'],
  note: [
    'Free ENTRY, école!',
    null,
    '',
    'ÉCOLE  école\nÉcole \u00a0 free',
    '!!! ?',
    'nothing known',
    '日本語 日本語 win-win',
    'a',
  ],
  when: [0, null, -1, 951_782_400_000, -62_198_755_200_000, 1.7e12 + 0.5, 8.64e15, 9e15],
  income: [30_000, null, -1e9, 41_500.5, 0, 1e12, 25_000, null],
  debt: [0.2, 0.4, null, 1e-300, 0.9, null, 0.25, 0.5],
} satisfies Cells

const typeOf = { level: 'text', note: 'text', when: 'date', income: 'number', debt: 'number' } as const
type Name = keyof typeof typeOf
const names = Object.keys(typeOf) as Name[]

const frameFrom = (columns: Readonly<Record<Name, readonly PlainCell[]>>) =>
  frameOf(...names.map((name) => columnFrom(name, typeOf[name], columns[name])))

function learningRows(rows = 150) {
  const random = createRandom('preparation cases')
  const cells = (make: () => PlainCell) => Array.from({ length: rows }, make)
  const words = ['free', 'Entry', 'win', 'école', 'École', 'cash', '日本語', 'call', 'now', 'text', 'ß', '50p']
  const some = (share: number, make: () => PlainCell) => cells(() => (random.uniform() < share ? null : make()))
  return {
    level: some(0.1, () => ['none', 'paid', 'self', 'Zürich 🎯', 'once in a while'][random.integer(5)]!),
    note: some(0.05, () => Array.from({ length: 1 + random.integer(6) }, () => words[random.integer(12)]!).join(' ')),
    when: some(0.1, () => Math.round(1.7e12 * random.uniform())),
    income: some(0.1, () => Math.round(30_000 + 12_000 * random.normal())),
    debt: some(0.1, () => Math.round(100 * random.uniform()) / 100),
  }
}

/** Every scaler, imputation and encoding once, on seeded rows; the answer is the prepared matrix. */
export function preparationCases(): ModelCase[] {
  const learned = learningRows()
  const frame = frameFrom(learned)
  const shown = frameFrom(strange)
  const every = Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const classes = ['no', 'perhaps', 'yes']
  const target = { rows: every, values: every.map((row) => (row * row) % 3), classes }
  const prepared = (name: string, used: readonly Name[], options: Partial<PreparationOptions>): ModelCase => {
    const terms = { ...preparationDefaults.terms, mostTerms: 60, buckets: 16 }
    const preparation = fitPreparation(frame, used, every, { ...preparationDefaults, terms, ...options }, target)
    const graph = createGraph(name)
    graph.node('Identity', [emitPreparation(graph, preparation)], {}, { outputs: ['x'] })
    graph.output('x', 'double', ['N', matrixColumns(preparation).length])
    const columns = Object.fromEntries(used.map((column) => [column, strange[column]]))
    return { name, onnx: graph.encode(), columns, own: [...applyPreparation(preparation, shown).values] }
  }
  const { number, text, date } = preparationDefaults
  return [
    ...scales.map((scale) => prepared(`scale-${scale}`, ['income', 'debt'], { number: { ...number, scale } })),
    prepared('neighbours', ['income', 'debt'], { number: { ...number, impute: 'neighbours' } }),
    prepared('dates-parts', ['when'], { date: { ...date, as: 'parts' } }),
    prepared('dates-circles', ['when'], { date: { ...date, as: 'parts', circles: true } }),
    ...encodings.map((encode) => {
      const terms = encode.endsWith('words') || encode.endsWith('characters')
      return prepared(`text-${encode}`, [terms ? 'note' : 'level'], { text: { ...text, encode }, buckets: 8 })
    }),
  ]
}
