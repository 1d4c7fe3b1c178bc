import type { CardFact, JsonValue, Model, ReportBlock } from '#contract'
import type { CandidateRecord } from '#ml/architecture/architecture-search'
import { describeNetwork } from '#ml/architecture/architecture-space'
import { paretoFront } from '#ml/architecture/joint-objective'
import type { Network } from '#ml/neural/network'
import { formatBytes, formatInteger, formatNumber } from '#report/format-number'
import { layerRows } from '../neural-network/layer-rows.ts'
import { devicePlace, networkReport } from '../neural-network/report.ts'
import { bestSoFarChart, frontChart } from '../search-charts.ts'
import type { SearchParams } from './params.ts'

const scored = (records: readonly CandidateRecord[]) =>
  records.filter((record): record is CandidateRecord & { quality: number; score: number } => record.score !== null)

/** What a running search shows: the best so far, the front, the newest candidates. */
export function liveBlocks(records: readonly CandidateRecord[], params: SearchParams): readonly ReportBlock[] {
  return [...searchCharts(records, params), candidateTable(records.slice(-8).toReversed(), 'The newest candidates')]
}

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
    ...searchCharts(records, params),
    candidateTable(ranked.slice(0, 12), 'The best candidates'),
    ...ranked.slice(0, 3).flatMap((record) => offer(record, params)),
    ...networkReport(model),
  ]
}

function searchCharts(records: readonly CandidateRecord[], params: SearchParams): readonly ReportBlock[] {
  const points = scored(records)
  if (points.length === 0) return []
  const bySize = params.mostMultiplyAdds === 0 || params.mostKilobytes > 0
  const cost = (record: CandidateRecord) => (bySize ? record.bytes / 1_000 : record.multiplyAdds / 1e6)
  const point = (record: (typeof points)[number]) => ({ quality: record.quality, cost: cost(record) })
  const front = paretoFront(points.map(point)).map((index) => points[index]!)
  return [
    frontChart(
      bySize ? 'Quality over size' : 'Quality over work a row',
      'candidate',
      points.map(point),
      front.map(point),
      {
        x: bySize ? 'size, kB' : 'multiplications a row, million',
        y: 'quality on validation rows',
      },
    ),
    bestSoFarChart(points, { x: 'candidate', y: 'score' }),
  ]
}

function candidateTable(records: readonly CandidateRecord[], title: string): ReportBlock {
  return {
    block: 'table',
    title,
    columns: ['Candidate', 'Quality', 'Score', 'Size', 'Work a row', 'Epochs', 'How', 'Layers'],
    rows: records.map((record) => [
      record.number + 1,
      record.quality,
      record.score,
      formatBytes(record.bytes),
      formatInteger(record.multiplyAdds),
      record.epochs,
      how(record),
      describeNetwork(record.network),
    ]),
    note: 'Quality is accuracy for classes and R² for numbers, on the validation rows.',
  }
}

/** A candidate as a node of its own, to look at and to change. */
function offer(record: CandidateRecord, params: SearchParams): readonly ReportBlock[] {
  const layers = layerRows(record.network.layers)
  if (!layers) return []
  const { target, kind, input, column, batch, learningRate, heldOut, classWeight, positive, threshold } = params
  const shared = { target, kind, input, column, batch, learningRate, heldOut, classWeight, positive, threshold }
  return [
    {
      block: 'node',
      title: `Candidate ${record.number + 1}`,
      text: `as a neural network that can be edited: ${describeNetwork(record.network)}`,
      node: {
        type: 'train/neural-network',
        params: { ...shared, design: 'own', layers: layers as unknown as JsonValue, epochs: params.epochs },
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
  const name = model.purpose === 'regression' ? 'R²' : 'accuracy'
  return {
    text: `**${name} ${formatNumber(metric?.value ?? null, 3)}**, ${formatBytes(model.onnxBytes)}, best of ${formatInteger(trials)}${devicePlace(model)}`,
  }
}
