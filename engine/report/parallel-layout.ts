import type { Chart } from '#contract'
import { formatNumber } from './format-number.ts'
import { linearScale, niceTicks, tickDigits } from './scale.ts'
import { textWidth } from './svg.ts'

export type ParallelChart = Extract<Chart, { type: 'parallel' }>
type Axis = ParallelChart['axes'][number]

export interface ParallelAxis {
  readonly title: string
  /** Where the axis stands: its x where axes are upright, else its y. */
  readonly at: number
  /** To the next axis. */
  readonly room: number
  readonly ticks: readonly { readonly text: string; readonly place: number }[]
  /** Where on the axis a value lies; undefined for one that has no place here. */
  place(value: number | string | null): number | undefined
}

export interface ParallelLayout {
  readonly width: number
  readonly height: number
  /** Axes stand side by side; where there is no room for that they lie one under the other. */
  readonly upright: boolean
  /** Both ends of every axis: bottom and top, or left and right. */
  readonly ends: readonly [number, number]
  readonly axes: readonly ParallelAxis[]
}

/** A setting with four significant digits, however small: 0.00012. */
export const settingText = (value: number): string => formatNumber(Number(value.toPrecision(4)), decimalsOf(value))

function decimalsOf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return 0
  const rounded = Number(value.toPrecision(4))
  const most = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(rounded)))))
  let digits = 0
  while (digits < most && Number(rounded.toFixed(digits)) !== rounded) digits++
  return digits
}

const leastRoom = 64
const flatRoom = 46

/** Where each axis stands, and each value on it. */
export function parallelLayout({ axes }: ParallelChart, width: number, height = 300): ParallelLayout {
  const upright = width / Math.max(1, axes.length) >= leastRoom
  if (!upright) return flatLayout(axes, width)
  const ends = [height - 14, 40] as const
  const left = Math.min(70, Math.max(20, textWidth(axes[0]?.title ?? '', 11) / 2 + 2))
  const room = (width - left - 56) / Math.max(1, axes.length - 1)
  const stand = (axis: Axis, n: number) => ({ title: axis.title, at: left + n * room, room, ...placed(axis, ends) })
  return { width, height, upright, ends, axes: axes.map(stand) }
}

function flatLayout(axes: ParallelChart['axes'], width: number): ParallelLayout {
  const ends = [8, width - 16] as const
  const lie = (axis: Axis, n: number) => ({
    title: axis.title,
    at: 22 + n * flatRoom,
    room: flatRoom,
    ...placed(axis, ends),
  })
  return { width, height: 22 + axes.length * flatRoom - 12, upright: false, ends, axes: axes.map(lie) }
}

function placed(axis: Axis, ends: readonly [number, number]): Pick<ParallelAxis, 'ticks' | 'place'> {
  if ('words' in axis) return wordsPlaced(axis.words, ends)
  const { low, high, log } = axis
  const to = (value: number) => (log ? Math.log(value) : value)
  const scale = low < high ? linearScale([to(low), to(high)], ends) : () => (ends[0] + ends[1]) / 2
  const within = (place: number) => Math.min(Math.max(...ends), Math.max(Math.min(...ends), place))
  const place = (value: number | string | null) =>
    typeof value === 'number' && Number.isFinite(to(value)) ? within(scale(to(value))) : undefined
  const ticks = log ? logTicks(low, high) : niceTicks(low, high, 4)
  const digits = tickDigits(ticks)
  const text = (tick: number) => (log || Math.abs(tick) >= 1e6 ? settingText(tick) : formatNumber(tick, digits))
  return { place, ticks: ticks.map((tick) => ({ text: text(tick), place: scale(to(tick)) })) }
}

function wordsPlaced(
  words: readonly string[],
  [from, to]: readonly [number, number],
): Pick<ParallelAxis, 'ticks' | 'place'> {
  const step = (to - from) / Math.max(1, words.length)
  const middle = (at: number) => from + (at + 0.5) * step
  return {
    ticks: words.map((text, at) => ({ text, place: middle(at) })),
    place(value) {
      const at = value === null ? -1 : words.indexOf(String(value))
      return at < 0 ? undefined : middle(at)
    },
  }
}

/** Powers of ten within the range; its ends where there are fewer than two. */
function logTicks(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const powers = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number((10 ** (first + at)).toPrecision(12)),
  )
  return powers.length >= 2 ? powers : [low, high]
}
