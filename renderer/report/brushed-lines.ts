import { type ParallelAxis, type ParallelChart, settingText } from '#report/parallel-layout'

/** What is marked on the axes, by the axis's number: places along it, the smaller first. */
export type Brushes = Readonly<Record<number, readonly [from: number, to: number]>>

/** Whether a line passes through everything that is marked. */
export function isWithin(
  line: ParallelChart['lines'][number],
  axes: readonly ParallelAxis[],
  brushes: Brushes,
): boolean {
  return Object.entries(brushes).every(([n, [from, to]]) => {
    const along = axes[Number(n)]?.place(line.values[Number(n)] ?? null)
    return along !== undefined && along >= from - 0.5 && along <= to + 0.5
  })
}

/** The brushes after a drag on an axis from one place to another; a mere click takes its mark away. */
export function brushedBy(brushes: Brushes, axis: number, from: number, to: number): Brushes {
  const { [axis]: _, ...others } = brushes
  const range: readonly [number, number] = [Math.min(from, to), Math.max(from, to)]
  return range[1] - range[0] < 4 ? others : { ...others, [axis]: range }
}

/** A value that lines have on an axis, in its place and in words. */
export interface AxisStop {
  readonly place: number
  readonly words: string
}

/** The different values on an axis, from its beginning to its end. */
export function axisStops(chart: ParallelChart, axes: readonly ParallelAxis[], n: number, begin: number): AxisStop[] {
  const words = new Map<number, string>()
  for (const { values } of chart.lines) {
    const value = values[n] ?? null
    const place = axes[n]?.place(value)
    if (place !== undefined) words.set(place, typeof value === 'number' ? settingText(value) : String(value))
  }
  const stops = [...words].map(([place, text]) => ({ place, words: text }))
  return stops.sort((a, b) => Math.abs(a.place - begin) - Math.abs(b.place - begin))
}

/** First and last stop that a mark holds; all of them without one. */
export function markedStops(stops: readonly AxisStop[], mark: Brushes[number] | undefined): readonly [number, number] {
  if (!mark) return [0, stops.length - 1]
  const held = [...stops.keys()].filter((i) => stops[i]!.place >= mark[0] - 0.5 && stops[i]!.place <= mark[1] + 0.5)
  return held.length === 0 ? [0, stops.length - 1] : [held[0]!, held.at(-1)!]
}

const steps: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** The brushes after a key: arrows move the upper end from value to value, with Shift the lower. Undefined for other keys. */
export function brushedByKey(
  brushes: Brushes,
  axis: number,
  stops: readonly AxisStop[],
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
): Brushes | undefined {
  const { [axis]: mark, ...others } = brushes
  if (key === 'Delete' || key === 'Backspace' || (key === 'Escape' && mark)) return others
  const step = steps[key]
  if (step === undefined || stops.length < 2) return undefined
  const [first, last] = markedStops(stops, mark)
  const [from, to] = shiftKey
    ? [Math.min(Math.max(first + step, 0), last), last]
    : [first, Math.min(Math.max(last + step, first), stops.length - 1)]
  if (from === 0 && to === stops.length - 1) return others
  return { ...others, [axis]: around(stops, from, to) }
}

/** A mark over some stops, a little wider than they are but clear of the next. */
function around(stops: readonly AxisStop[], from: number, to: number): readonly [number, number] {
  const ends = [stops[from]!.place, stops[to]!.place]
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  const outside = stops.filter((_, i) => i < from || i > to).map(({ place }) => place)
  const room = (end: number) => Math.min(4, ...outside.map((place) => Math.abs(place - end) / 2))
  return [low - room(low), high + room(high)]
}
