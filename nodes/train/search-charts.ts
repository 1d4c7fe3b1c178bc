import type { NodeOffer, ReportBlock } from '#contract'

interface Found {
  readonly number: number
  readonly score: number
}

/** The best score by each trial, higher being better unless `low`. */
export function bestSoFarChart(
  found: readonly Found[],
  words: { readonly x: string; readonly y: string },
  low = false,
): ReportBlock {
  let best = low ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const course = found.map(({ score }) => {
    best = low ? Math.min(best, score) : Math.max(best, score)
    return best
  })
  return {
    block: 'chart',
    title: `The best ${words.y} so far`,
    chart: {
      type: 'line',
      ...words,
      series: [{ name: 'best so far', x: found.map(({ number }) => number + 1), y: course }],
    },
  }
}

/** More than that nobody looks through in a list; the table of trials has them all. */
const mostOffers = 200

/** One block that offers all of them, the first one chosen. */
export function offersBlock([first, ...others]: readonly NodeOffer[]): readonly ReportBlock[] {
  return first ? [{ block: 'node', ...first, others: others.slice(0, mostOffers - 1) }] : []
}

interface Point {
  readonly cost: number
  readonly quality: number
}

/** Quality over cost, the front apart. */
export function frontChart(
  title: string,
  name: string,
  all: readonly Point[],
  front: readonly Point[],
  words: { readonly x: string; readonly y: string },
): ReportBlock {
  const series = (called: string, points: readonly Point[]) => ({
    name: called,
    x: points.map(({ cost }) => cost),
    y: points.map(({ quality }) => quality),
  })
  return {
    block: 'chart',
    title,
    note: `The front are the ${name}s that no other beats in both.`,
    chart: { type: 'scatter', ...words, series: [series(name, all), series('front', front)] },
  }
}
