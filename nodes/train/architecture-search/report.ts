import type { CardFact, JsonValue, Model, NodeOffer, ReportBlock } from '#contract'
import type { CandidateRecord } from '#ml/architecture/architecture-search'
import { describeNetwork } from '#ml/architecture/architecture-space'
import { paretoFront } from '#ml/architecture/joint-objective'
import type { Network } from '#ml/neural/network'
import { formatBytes, formatInteger, formatNumber } from '#report/format-number'
import { layerRows } from '../neural-network/layer-rows.ts'
import { layersPicture } from '../neural-network/layers-picture.ts'
import { devicePlace, networkReport } from '../neural-network/report.ts'
import { bestSoFarChart, frontChart, offersBlock } from '../search-charts.ts'
import { latencyBlocks } from './latency-report.ts'
import { patience, type SearchParams, scheduleOf } from './params.ts'

const scored = (records: readonly CandidateRecord[]) =>
  records.filter((record): record is CandidateRecord & { quality: number; score: number } => record.score !== null)

/** What a running search shows: the best so far, the front, the newest candidates. */
export function liveBlocks(records: readonly CandidateRecord[], params: SearchParams): readonly ReportBlock[] {
  const best = scored(records).reduce<CandidateRecord | undefined>(
    (found, record) => (found && found.score! >= record.score ? found : record),
    undefined,
  )
  return [
    ...searchCharts(records, params),
    ...(best ? [drawing(best)] : []),
    candidateTable(records.slice(-8).toReversed(), 'The newest candidates'),
  ]
}

const drawing = ({ number, network }: CandidateRecord): ReportBlock => ({
  block: 'chart',
  title: `The best so far, candidate ${number + 1}`,
  chart: layersPicture(network),
})

export function searchReport(
  model: Model,
  records: readonly CandidateRecord[],
  params: SearchParams,
): readonly ReportBlock[] {
  const ranked = scored(records).toSorted((a, b) => b.score - a.score || a.number - b.number)
  const network = model.network?.design as unknown as Network | undefined
  return [
    { block: 'heading', text: 'Architecture search', note: `${formatInteger(records.length)} candidates were trained` },
    ...(network ? [{ block: 'text' as const, text: `The best: ${describeNetwork(network)}.` }] : []),
    ...unfinished(model, records),
    ...searchCharts(records, params),
    ...latencyBlocks(records),
    candidateTable(ranked.slice(0, 12), 'The best candidates'),
    ...offersBlock([...ranked, ...records.filter(({ score }) => score === null)].flatMap((one) => offer(one, params))),
    ...networkReport({ ...model, learner: withSchedule(model.learner, params) }),
  ]
}

/** A search that was asked to finish may have trained none in full. */
function unfinished({ learner }: Model, records: readonly CandidateRecord[]): readonly ReportBlock[] {
  const { candidate } = learner.params as { readonly candidate: number }
  if (records.find(({ number }) => number === candidate)?.status !== 'short') return []
  return [
    {
      block: 'text',
      tone: 'stale',
      text: 'The search was ended before any of the best was trained in full, so this network was trained a little only. Put it on the canvas to train it in full, or let the search go to its end.',
    },
  ]
}

/** What a network's report tells of its training, which the search has decided. */
const withSchedule = (learner: Model['learner'], { estimation }: SearchParams): Model['learner'] => ({
  ...learner,
  params: { ...(learner.params as Readonly<Record<string, JsonValue>>), schedule: scheduleOf(estimation) },
})

interface Axis {
  readonly title: string
  readonly x: string
  cost(record: CandidateRecord): number
}

const axes = {
  latency: {
    title: 'Quality over latency',
    x: 'a row, median ms, measured here',
    cost: ({ latency }) => latency?.median ?? 0,
  },
  size: { title: 'Quality over size', x: 'size, kB', cost: ({ bytes }) => bytes / 1_000 },
  work: {
    title: 'Quality over work a row',
    x: 'multiplications a row, million',
    cost: ({ multiplyAdds }) => multiplyAdds / 1e6,
  },
} as const satisfies Record<string, Axis>

/** What candidates are weighed by: their latency where it is measured, and whatever has a limit; their size where nothing has. */
function axesOf({ latency, mostKilobytes, mostMultiplyAdds }: SearchParams): readonly Axis[] {
  const chosen = [
    ...(latency === 'measured' ? [axes.latency] : []),
    ...(mostKilobytes > 0 ? [axes.size] : []),
    ...(mostMultiplyAdds > 0 ? [axes.work] : []),
  ]
  return chosen.length > 0 ? chosen : [axes.size]
}

function searchCharts(records: readonly CandidateRecord[], params: SearchParams): readonly ReportBlock[] {
  const points = scored(records)
  if (points.length === 0) return []
  const fronts = axesOf(params).map(({ title, x, cost }) => {
    const all = points.map((record) => ({ quality: record.quality, cost: cost(record) }))
    const front = paretoFront(all).map((index) => all[index]!)
    return frontChart(title, 'candidate', all, front, { x, y: 'quality on validation rows' })
  })
  return [...fronts, bestSoFarChart(points, { x: 'candidate', y: 'score' })]
}

function candidateTable(records: readonly CandidateRecord[], title: string): ReportBlock {
  const timed = records.some(({ latency }) => latency)
  return {
    block: 'table',
    title,
    columns: [
      ...['Candidate', 'Quality', 'Score', 'Size', 'Work a row'],
      ...(timed ? ['Milliseconds a row'] : []),
      ...['Epochs', 'How', 'Layers'],
    ],
    rows: records.map((record) => [
      record.number + 1,
      record.quality,
      record.score,
      formatBytes(record.bytes),
      formatInteger(record.multiplyAdds),
      ...(timed ? [latencyText(record.latency)] : []),
      record.epochs,
      how(record),
      describeNetwork(record.network),
    ]),
    note: `Quality is accuracy for classes and R² for numbers, on the validation rows.${timed ? ' Milliseconds are the median and the 95th percentile.' : ''}`,
  }
}

const latencyText = (latency: CandidateRecord['latency']): string | null =>
  latency ? `${formatNumber(latency.median)} (${formatNumber(latency.p95)})` : null

/** A candidate as a node of its own, to look at and to change: the same layers, trained in full. */
function offer(record: CandidateRecord, params: SearchParams): readonly NodeOffer[] {
  const layers = layerRows(record.network.layers)
  if (!layers) return []
  const { target, kind, input, column, batch, learningRate, heldOut, classWeight, positive, threshold } = params
  const { device, mostWords, places, epochs, estimation } = params
  const shared = { target, kind, input, column, batch, learningRate, heldOut, classWeight, positive, threshold }
  const course = { epochs, patience, schedule: scheduleOf(estimation), device, mostWords, places }
  const quality = record.quality === null ? words[record.status] : formatNumber(record.quality, 3)
  return [
    {
      title: `Candidate ${record.number + 1}: ${quality}, ${formatBytes(record.bytes)}`,
      text: `as a neural network that can be edited: ${describeNetwork(record.network)}`,
      node: {
        type: 'train/neural-network',
        params: { ...shared, ...course, design: 'own', layers: layers as unknown as JsonValue },
      },
    },
  ]
}

const words: Readonly<Record<CandidateRecord['status'], string>> = {
  trained: 'trained',
  short: 'trained a little',
  hopeless: 'given up early',
  diverged: 'ran away',
}

const how = ({ status, parent, what }: CandidateRecord): string =>
  parent === undefined ? words[status] : `${what ?? words[status]} (from ${parent + 1})`

export function searchCard(model: Model, trials: number): CardFact {
  const metric = model.metrics.find(({ name }) => /^validation\.(accuracy|r2)$/.test(name))
  const latency = model.metrics.find(({ name }) => name === 'latency_ms.p50.batch_1')
  const name = model.purpose === 'regression' ? 'R²' : 'accuracy'
  const took = latency ? `, ${formatNumber(latency.value)} ms a row` : ''
  return {
    text: `**${name} ${formatNumber(metric?.value ?? null, 3)}**, ${formatBytes(model.onnxBytes)}${took}, best of ${formatInteger(trials)}${devicePlace(model)}`,
  }
}
