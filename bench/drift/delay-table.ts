import { streamDetectors } from '#ml/drift/detector-from-json'
import { recommendedOptions } from '#ml/drift/recommended-detector'
import { createRandom } from '#ml/random/random'

/**
 * The fair test of drift detectors: 1,000 answers with a steady error rate, then up to 1,000 with a higher one. Alarms
 * before the change are false, the first one after it gives the delay, none at all is a miss.
 */
export interface Judged {
  readonly mean: number
  readonly deviation: number
  readonly missed: number
  readonly falseAlarms: number
}

const steady = 1_000
const changed = 1_000

const contestants: readonly (readonly [title: string, kind: string, options?: Readonly<Record<string, unknown>>])[] = [
  ['DDM', 'ddm'],
  ['EDDM', 'eddm'],
  ['HDDM-A', 'hddm-a'],
  ['HDDM-W', 'hddm-w'],
  ['FHDDM', 'fhddm'],
  ['ADWIN', 'adwin'],
  ['ADWIN, δ 0.05', 'adwin', { delta: 0.05 }],
  ['Page-Hinkley', 'page-hinkley'],
  ['Page-Hinkley, threshold 10', 'page-hinkley', { threshold: 10 }],
  ['KSWIN', 'kswin'],
  ['**recommended: ADWIN, δ 0.02, clock 4**', 'adwin', recommendedOptions],
]
export const changes = [
  [0.2, 0.4],
  [0.1, 0.3],
] as const

export function judge(
  kind: string,
  options: Readonly<Record<string, unknown>> | undefined,
  [before, after]: readonly [number, number],
  seeds: number,
): Judged {
  const delays: number[] = []
  let falseAlarms = 0
  for (let seed = 0; seed < seeds; seed++) {
    const random = createRandom(seed).split(`errors ${before} to ${after}`)
    const detector = new streamDetectors[kind]!(options)
    for (let n = 0; n < steady; n++) if (detector.update(random.uniform() < before ? 1 : 0) === 'drift') falseAlarms++
    for (let n = 0; n < changed; n++)
      if (detector.update(random.uniform() < after ? 1 : 0) === 'drift') {
        delays.push(n)
        break
      }
  }
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  const deviation = Math.sqrt(delays.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / delays.length)
  return { mean, deviation, missed: seeds - delays.length, falseAlarms }
}

const cell = ({ mean, deviation, missed, falseAlarms }: Judged) =>
  `${Number.isNaN(mean) ? 'never' : `${mean.toFixed(0)} ± ${deviation.toFixed(0)}`} | ${missed} / ${falseAlarms}`

/** The table of docs/drift.md. */
export function delayTable(seeds: number): string {
  const titles = changes.map(([before, after]) => `error ${before} to ${after} | missed / false`)
  const rows = contestants.map(
    ([title, kind, options]) =>
      `| ${title} | ${changes.map((change) => cell(judge(kind, options, change, seeds))).join(' | ')} |`,
  )
  return [`| detector | ${titles.join(' | ')} |`, '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}
