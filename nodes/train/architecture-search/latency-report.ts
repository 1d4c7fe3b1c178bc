import type { ReportBlock } from '#contract'
import type { CandidateRecord } from '#ml/architecture/architecture-search'
import type { RowLatency } from '#ml/architecture/joint-objective'
import { correlations, measured } from '#ml/select/correlations'
import { midranks } from '#ml/statistics/ranks'
import { formatInteger, formatNumber } from '#report/format-number'

type Timed = CandidateRecord & { readonly latency: RowLatency }

/** Fewer networks have no order worth comparing. */
const leastNetworks = 4

/** What measured latencies are worth: how they go with counted work, and that another run may have others. */
export function latencyBlocks(records: readonly CandidateRecord[]): readonly ReportBlock[] {
  const timed = networksOf(records)
  if (timed.length === 0) return []
  const warning: ReportBlock = {
    block: 'text',
    tone: 'stale',
    text: 'Latencies were measured on this machine, of the file as it is served, one row a call on one thread; the quietest of three rounds counts. Measured anew, here or elsewhere, they differ a little, and the search may end with another network. This result is kept with what was measured.',
  }
  return [warning, ...(timed.length < leastNetworks ? [] : agreement(timed))]
}

/** A finalist has the layers and the latency of its parent. */
function networksOf(records: readonly CandidateRecord[]): readonly Timed[] {
  const timed = records.filter((record): record is Timed => record.latency !== undefined)
  return [...new Map(timed.map((record) => [JSON.stringify(record.network.layers), record])).values()]
}

function agreement(timed: readonly Timed[]): readonly ReportBlock[] {
  const work = Float64Array.from(timed, ({ multiplyAdds }) => multiplyAdds)
  const times = Float64Array.from(timed, ({ latency }) => latency.median)
  const between = (a: Float64Array, b: Float64Array) =>
    formatNumber(correlations([measured(a)], [measured(b)]).values[0]!, 2)
  return [
    {
      block: 'text',
      text: `Put in order by their multiplications, ${formatInteger(timed.length)} networks stand as they do by their milliseconds to a rank correlation of ${between(midranks(work), midranks(times))} (Spearman); the figures themselves correlate by ${between(work, times)} (Pearson). Near 1, counting would have done.`,
    },
    {
      block: 'chart',
      title: 'Measured over counted',
      note: 'A point a network. What lies above the others costs more time than its multiplications tell: many small layers, or a preparation that outweighs them.',
      chart: {
        type: 'scatter',
        x: 'multiplications a row, million',
        y: 'a row, median ms, measured here',
        series: [{ name: 'candidate', x: [...work].map((count) => count / 1e6), y: [...times] }],
      },
    },
  ]
}
