import type { Chart } from '#contract'
import { formatNumber } from './format-number.ts'
import { linearScale, niceTicks, tickDigits } from './scale.ts'
import { textWidth } from './svg.ts'

export type ParallelChart = Extract<Chart, { type: 'parallel' }>
type Axis = ParallelChart['axes'][number]

export interface ParallelAxis {
  readonly title: string
  readonly x: number
  /** Room to either neighbour. */
  readonly room: number
  readonly ticks: readonly { readonly text: string; readonly y: number }[]
  /** Height of a value on the page; undefined for one that has no place here. */
  y(value: number | string | null): number | undefined
}

export interface ParallelLayout {
  readonly width: number
  readonly height: number
  readonly top: number
  readonly bottom: number
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

/** Where each axis stands, and each value on it. */
export function parallelLayout({ axes }: ParallelChart, width: number, height = 300): ParallelLayout {
  const [top, bottom] = [40, height - 14]
  const left = Math.min(70, Math.max(20, textWidth(axes[0]?.title ?? '', 11) / 2 + 2))
  const room = (width - left - 56) / Math.max(1, axes.length - 1)
  return {
    width,
    height,
    top,
    bottom,
    axes: axes.map((axis, at) => ({ title: axis.title, x: left + at * room, room, ...placed(axis, top, bottom) })),
  }
}

function placed(axis: Axis, top: number, bottom: number): Pick<ParallelAxis, 'ticks' | 'y'> {
  if ('words' in axis) return wordsPlaced(axis.words, top, bottom)
  const { low, high, log } = axis
  const to = (value: number) => (log ? Math.log(value) : value)
  const scale = low < high ? linearScale([to(low), to(high)], [bottom, top]) : () => (top + bottom) / 2
  const y = (value: number | string | null) =>
    typeof value === 'number' && Number.isFinite(to(value))
      ? Math.min(bottom, Math.max(top, scale(to(value))))
      : undefined
  const ticks = log ? logTicks(low, high) : niceTicks(low, high, 4)
  const digits = tickDigits(ticks)
  const text = (tick: number) => (log || Math.abs(tick) >= 1e6 ? settingText(tick) : formatNumber(tick, digits))
  return { y, ticks: ticks.map((tick) => ({ text: text(tick), y: scale(to(tick)) })) }
}

function wordsPlaced(words: readonly string[], top: number, bottom: number): Pick<ParallelAxis, 'ticks' | 'y'> {
  const step = (bottom - top) / Math.max(1, words.length)
  const place = (at: number) => bottom - (at + 0.5) * step
  return {
    ticks: words.map((text, at) => ({ text, y: place(at) })),
    y(value) {
      const at = value === null ? -1 : words.indexOf(String(value))
      return at < 0 ? undefined : place(at)
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
