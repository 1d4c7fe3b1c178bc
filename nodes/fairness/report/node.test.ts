import { expect, test } from 'vitest'
import type {
  Evaluation,
  Explanation,
  GroupFigures,
  Hash,
  Model,
  Release,
  Report,
  ReportBlock,
  RunContext,
} from '#contract'
import { renderReportPage } from '#report/page'
import node from './node.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const modelHash = hash('b')

function group(
  name: string,
  rows: number,
  rate: number,
  ratio: number | null,
  more: Partial<GroupFigures> = {},
): GroupFigures {
  const interval = (value: number | null, half: number) =>
    value === null ? { value } : { value, low: value - half, high: value + half }
  return {
    group: name,
    reference: false,
    rows,
    small: false,
    rate: interval(rate, 0.02),
    ratio: interval(ratio, 0.05),
    difference: { value: rate - 0.6 },
    ...more,
  }
}

const audit: Evaluation = {
  kind: 'evaluation',
  subject: 'fairness',
  model: modelHash,
  table: hash('c'),
  split: 'test',
  rows: 9769,
  metrics: [],
  fairness: {
    scope: 'predictions',
    favourable: 'yes',
    ratioLimit: 0.8,
    attributes: [
      {
        columns: ['age_group'],
        groups: [
          group('18-24', 1204, 0.52, 0.87),
          group('25-59', 7002, 0.6, 1, { reference: true, truePositiveRate: { value: 0.83 } }),
          group('60+', 1563, 0.43, 0.71, { truePositiveRate: { value: 0.74, low: 0.7, high: 0.78 } }),
          group('unknown', 4, 0.1, 0.2, { small: true }),
        ],
      },
    ],
    intersections: [],
  },
}
const model: Model = {
  kind: 'model',
  purpose: 'binary',
  onnx: hash('d'),
  onnxBytes: 1_000,
  features: [],
  target: 'approved',
  classes: ['no', 'yes'],
  positive: 'yes',
  threshold: 0.5,
  protected: ['age_group'],
  learner: { type: 'train/linear', version: 1, params: {} },
  training: { table: hash('e'), rows: 6_000, seed: 7 },
  metrics: [],
  engine: '0.1.0',
}
const release: Release = {
  kind: 'release',
  verdict: 'fail',
  sentence: 'Not ready: one of two gates fails.',
  model: modelHash,
  checks: [
    {
      label: 'Four-fifths rule, age group',
      metric: 'fairness.ratio.age_group',
      operator: '>=',
      limit: 0.8,
      estimate: { value: 0.71, low: 0.66, high: 0.76 },
      verdict: 'fail',
      reason: 'too low',
    },
    {
      label: 'Accuracy',
      metric: 'accuracy',
      operator: '>=',
      limit: 0.75,
      estimate: { value: 0.861, low: 0.854, high: 0.868 },
      verdict: 'pass',
      reason: '',
    },
  ],
}
const explanation: Explanation = {
  kind: 'explanation',
  model: modelHash,
  table: hash('c'),
  method: 'Linear SHAP',
  space: 'log-odds',
  base: 0.2,
  rows: 200,
  features: [
    { feature: 'income', importance: 0.81, direction: 'higher-helps' },
    { feature: 'debt_ratio', importance: 0.62, direction: 'higher-hurts' },
  ],
  people: [
    {
      row: 11,
      id: '3107',
      score: 0.41,
      outcome: 'refused',
      contributions: [
        { feature: 'income', value: '35 700', contribution: 0.04 },
        { feature: 'postcode', value: '1832', contribution: -0.11 },
      ],
    },
  ],
}

interface Wires {
  readonly evaluation?: readonly Evaluation[]
  readonly explanation?: readonly Explanation[]
  readonly release?: Release
  readonly model?: Model
}

async function make(wires: Wires, params: Record<string, unknown> = {}): Promise<Report> {
  const evaluation = wires.evaluation ?? [audit]
  const fractions: number[] = []
  const { report } = await node.run({
    inputs: { evaluation, explanation: wires.explanation ?? [], release: wires.release, model: wires.model },
    hashes: {
      evaluation: evaluation.map((_, i) => hash(String(i + 1))),
      explanation: [],
      release: wires.release && hash('f'),
      model: wires.model && modelHash,
    },
    params: node.params.parse(params),
    context: { progress: (fraction: number) => fractions.push(fraction) } as unknown as RunContext,
  })
  expect(fractions.at(-1)).toBe(1)
  return report
}
const headings = (blocks: readonly ReportBlock[]): readonly string[] =>
  blocks.flatMap((block) => {
    if (block.block === 'heading') return [block.text]
    if (block.block === 'person') return [block.title]
    return block.block === 'columns' ? [...headings(block.left), ...headings(block.right)] : []
  })
const find = <K extends ReportBlock['block']>(report: Report, kind: K) =>
  report.blocks.find((block): block is Extract<ReportBlock, { block: K }> => block.block === kind)

test('the verdict is a sentence with its reason, interval and rule', async () => {
  const report = await make({ release, model, explanation: [explanation] })
  const verdict = find(report, 'verdict')!
  expect(verdict.title).toBe('Not ready: one of two gates fails.')
  expect(verdict.figure).toEqual({ value: '0.71', label: 'age group ratio' })
  expect(verdict.text.replaceAll('\u00a0', ' ')).toBe(
    'People with age group 60+ are approved at **71 %** of the rate of people with age group 25-59 (95 % interval 66–76 %). The four-fifths rule asks for at least 80 %.',
  )
  expect(find(report, 'gates')!.gates.map((gate) => gate.value)).toEqual(['0.71 needs ≥ 0.80', '0.861 ≥ 0.75'])
  expect(report.title).toBe('Fairness of “approved”, linear model')
  expect(headings(report.blocks)).toEqual([
    'Who is approved',
    'How each group fares',
    'What drives the decision',
    'One person, explained',
  ])
})

test('sections whose node is not wired are absent', async () => {
  const report = await make({ evaluation: [{ ...audit, model: undefined }] as unknown as Evaluation[] })
  expect(headings(report.blocks)).toEqual(['Who gets the favourable outcome', 'How each group fares'])
  expect(find(report, 'verdict')).toBeUndefined()
  expect(find(report, 'gates')).toBeUndefined()
  expect(find(report, 'review')).toBeUndefined()
  expect(find(report, 'text')!.tone).toBe('bad')
})

test('a group too small to judge is neither the headline nor silent', async () => {
  const report = await make({ release, model })
  const chart = find(report, 'chart')!.chart
  if (chart.type !== 'bars') throw new Error('bars expected')
  expect(chart.rows.map((row) => row.tone)).toEqual([undefined, undefined, 'bad', 'stale'])
  expect(chart.rows[3]!.note).toBe('4 people · too few to be sure')
  expect(chart.rows[2]!.limit).toBeCloseTo(0.48, 12)
  expect(chart.rows[1]!.limit).toBeUndefined()
})

test('an interval that reaches over the limit is said in words', async () => {
  const near = structuredClone(audit) as { fairness: { attributes: { groups: GroupFigures[] }[] } } & Evaluation
  near.fairness.attributes[0]!.groups[2] = group('60+', 90, 0.46, 0.77)
  const report = await make({ evaluation: [near], release, model })
  expect(find(report, 'verdict')!.text).toContain('chance alone')
  const table = find(report, 'table')!
  expect(table.rows[2]!.at(-1)).toEqual({ text: 'below 0.80, could be chance', tone: 'bad' })
})

test('figures that no group has are no columns', async () => {
  const table = find(await make({}), 'table')!
  expect(table.columns).toEqual(['Group', 'People', 'Favourable (yes)', 'Ratio', 'True positive rate', 'Remark'])
  expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true)
})

test('groups and outcome take the author’s words', async () => {
  const groups = [{ column: 'age_group', group: '60+', name: 'people aged 60 and over' }]
  const report = await make(
    { release },
    { outcome: 'admitted', groups, title: 'Admissions', audience: 'For the board.' },
  )
  expect(find(report, 'verdict')!.text).toMatch(/^People aged 60 and over are admitted at/)
  expect(report.title).toBe('Admissions')
  expect(find(report, 'text')!.text).toBe('For the board.')
})

test('reviews name the audit and its model', async () => {
  const labels: Evaluation = { ...audit, fairness: { ...audit.fairness!, scope: 'labels' } }
  const report = await make({ evaluation: [labels, audit], model })
  expect(find(report, 'review')).toMatchObject({ evaluationHash: hash('2'), modelHash })
  expect([report.evaluation, report.model]).toEqual([hash('2'), modelHash])
  expect(headings(report.blocks)).toContain('Who is approved in the data')
})

test('other evaluations come as quality and slices', async () => {
  const metric = { name: 'accuracy', label: 'Accuracy', better: 'high', value: 0.861, low: 0.85, high: 0.87 } as const
  const quality: Evaluation = {
    ...audit,
    subject: 'performance',
    fairness: undefined,
    metrics: [metric],
    performance: {
      task: 'binary',
      curves: [],
      against: [{ title: 'Baseline', metrics: [{ ...metric, value: 0.79 }] }],
    },
  } as unknown as Evaluation
  const report = await make({ evaluation: [audit, quality], model })
  expect(headings(report.blocks)).toContain('How well it decides')
  const table = report.blocks.findLast((block) => block.block === 'table')!
  expect(table.columns).toEqual(['Figure', 'This model', 'Baseline'])
})

test('refuses wires of different models and evaluations without an audit', async () => {
  await expect(make({ model, explanation: [{ ...explanation, model: hash('9') }] })).rejects.toMatchObject({
    code: 'not-supported',
  })
  await expect(
    make({ evaluation: [{ ...audit, fairness: undefined } as unknown as Evaluation] }),
  ).rejects.toMatchObject({
    code: 'port-missing',
  })
})

test('the card is the verdict in a line; the page draws without a gap', async () => {
  const report = await make({ release, model, explanation: [explanation] })
  const inputs = { evaluation: [audit], explanation: [explanation], release, model }
  expect(node.card!({ inputs, outputs: { report }, params: node.params.parse({}) })).toEqual({
    text: '**0.71** age group ratio. Not ready: one of two gates fails.',
    tone: 'bad',
  })
  const { html } = renderReportPage(report, { run: 'r1', at: '2026-11-24T12:00:00Z', engine: '0.1.0' })
  expect(html).not.toMatch(/undefined|NaN/)
})
