import { studentTQuantile } from '#ml/statistics/student-t'

/** What searches came to, by strategy: a loss a seed, the same seeds in the same order. */
export type Losses = Readonly<Record<string, readonly number[]>>

interface Interval {
  readonly mean: number
  readonly half: number
}

/** Mean with Student's t interval. */
export function interval(values: readonly number[]): Interval {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const error = Math.sqrt(squares / (values.length - 1) / values.length)
  return { mean, half: studentTQuantile(0.975, values.length - 1) * error }
}

/** One row a strategy: mean loss, and the mean difference from random search as a share of random's, seed by seed. */
export function searchTable(losses: Losses): string {
  const random = losses['random']!
  const base = interval(random).mean
  const rows = Object.entries(losses).map(([strategy, found]) => {
    const { mean } = interval(found)
    const { mean: gap, half } = interval(found.map((value, seed) => (100 * (value - random[seed]!)) / base))
    const won = found.filter((value, seed) => value < random[seed]!).length
    const against = strategy === 'random' ? '' : `${signed(gap)} ± ${half.toFixed(2)} %`
    return `| ${strategy} | ${mean.toPrecision(5)} | ${against} | ${strategy === 'random' ? '' : `${won} of ${found.length}`} |`
  })
  return ['| strategy | mean loss | against random | better |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
