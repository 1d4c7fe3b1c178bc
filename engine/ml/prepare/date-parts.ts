import type { Graph } from '../onnx/graph-builder.ts'
import { type Block, doubleType } from './block.ts'
import { emitScaling } from './emit-scaling.ts'
import { fitPlainScaling, type Scale } from './scale-number.ts'

export type DatePart = 'year' | 'month' | 'day' | 'weekday' | 'hour'

/**
 * A date (milliseconds UTC) as its parts: year, month 1 to 12, day 1 to 31, weekday 1 (Monday) to 7, hour 0 to 23. A part
 * is a scaled number, or a place on a circle (sine and cosine), where December is next to January. Dates beyond the
 * calendar of 270,000 years count as missing and become the median date of training.
 */
export interface DateStep {
  readonly kind: 'date'
  readonly name: string
  readonly fill: number
  readonly indicator: boolean
  readonly parts: readonly (
    | { readonly part: DatePart; readonly center: number; readonly scale: number }
    | { readonly part: DatePart; readonly circle: true }
  )[]
}

export interface DateOptions {
  readonly parts: readonly DatePart[]
  /** Parts that come round again as sine and cosine. */
  readonly circles: boolean
  readonly indicator: boolean
  readonly scale: Scale
}

const rounds: Record<DatePart, { readonly from: number; readonly length: number }> = {
  year: { from: 0, length: 0 },
  month: { from: 1, length: 12 },
  day: { from: 1, length: 31 },
  weekday: { from: 1, length: 7 },
  hour: { from: 0, length: 24 },
}
const angles = (part: DatePart, of: (angle: number) => number) =>
  Array.from({ length: rounds[part].length }, (_, i) => of((2 * Math.PI * i) / rounds[part].length))

const latest = 8.64e15
const isDate = (value: number) => Math.abs(value) <= latest

function partOf(part: DatePart, milliseconds: number): number {
  const date = new Date(Math.floor(milliseconds))
  if (part === 'year') return date.getUTCFullYear()
  if (part === 'month') return date.getUTCMonth() + 1
  if (part === 'day') return date.getUTCDate()
  return part === 'hour' ? date.getUTCHours() : ((date.getUTCDay() + 6) % 7) + 1
}

/** `values` of the training rows. */
export function fitDate(name: string, values: Float64Array, options: DateOptions): DateStep {
  const present = values.filter(isDate).sort()
  const fill = present.length > 0 ? present[(present.length - 1) >> 1]! + 0 : 0
  const filled = values.map((value) => (isDate(value) ? value : fill))
  const parts = options.parts.map((part) => {
    if (options.circles && part !== 'year') return { part, circle: true } as const
    const { center, scale } = fitPlainScaling(
      filled.map((value) => partOf(part, value)),
      options.scale,
    )
    return { part, center, scale }
  })
  const indicator = options.indicator && present.length > 0 && present.length < values.length
  return { kind: 'date', name, fill, indicator, parts }
}

export function dateBlock(step: DateStep): Block {
  const columns = step.parts.flatMap((one) =>
    'circle' in one
      ? [`${step.name}: ${one.part} (sine)`, `${step.name}: ${one.part} (cosine)`]
      : [`${step.name}: ${one.part}`],
  )
  if (step.indicator) columns.push(`${step.name} (missing)`)
  return {
    columns,
    write({ cells }, out, offset) {
      for (let row = 0; row < out.rows; row++) {
        const raw = cells.kind === 'number' ? cells.values[row]! : Number.NaN
        const value = isDate(raw) ? raw : step.fill
        let at = row * out.columns + offset
        for (const one of step.parts) {
          const number = partOf(one.part, value)
          if ('circle' in one) {
            const { from, length } = rounds[one.part]
            const angle = (2 * Math.PI * (number - from)) / length
            out.values[at++] = Math.sin(angle)
            out.values[at++] = Math.cos(angle)
          } else out.values[at++] = (number - one.center) / one.scale
        }
        if (step.indicator) out.values[at] = isDate(raw) ? 0 : 1
      }
    },
    emit: (graph) => emitDate(graph, step),
  }
}

/** The proleptic Gregorian calendar in whole numbers (Hinnant 2013, "chrono-compatible low-level date algorithms"). */
function emitDate(graph: Graph, step: DateStep): string[] {
  const raw = graph.input(step.name, 'double', ['N', 1])
  const there = graph.apply('LessOrEqual', [graph.apply('Abs', [raw]), graph.number(latest)])
  const value = graph.apply('Floor', [graph.apply('Where', [there, raw, graph.number(step.fill)])])
  const parts = emitParts(graph, graph.apply('Cast', [value], { to: { int: 7 } }))
  const made = step.parts.flatMap((one) => {
    const number = parts(one.part)
    if ('circle' in one) {
      const place = graph.apply('Sub', [number, graph.constant('int64', [], [rounds[one.part].from])])
      return [Math.sin, Math.cos].map((of) => {
        const table = Float64Array.from(angles(one.part, of))
        return graph.apply('Gather', [graph.constant('double', [table.length], table), place])
      })
    }
    const plain = graph.apply('Cast', [number], { to: { int: doubleType } })
    return [emitScaling(graph, plain, [one])]
  })
  if (step.indicator) made.push(graph.apply('Cast', [graph.apply('Not', [there])], { to: { int: doubleType } }))
  return made
}

/** Eras of 400 years before 1970-01-01 that make every date positive. */
const eras = 700
const daysPerEra = 146_097
const dayLength = 86_400_000
const epochDay = 719_468 + eras * daysPerEra

function emitParts(graph: Graph, milliseconds: string): (part: DatePart) => string {
  const whole = (value: number) => graph.constant('int64', [], [value])
  const binary = (operator: string) => (a: string, b: number | string) =>
    graph.apply(operator, [a, typeof b === 'number' ? whole(b) : b])
  const [add, subtract, times, over, rest] = ['Add', 'Sub', 'Mul', 'Div', 'Mod'].map(binary) as [
    ReturnType<typeof binary>,
    ReturnType<typeof binary>,
    ReturnType<typeof binary>,
    ReturnType<typeof binary>,
    ReturnType<typeof binary>,
  ]
  const shifted = add(milliseconds, eras * daysPerEra * dayLength)
  const day = add(over(shifted, dayLength), 719_468)
  const inEra = rest(day, daysPerEra)
  const leaps = subtract(add(subtract(inEra, over(inEra, 1_460)), over(inEra, 36_524)), over(inEra, 146_096))
  const yearOfEra = over(leaps, 365)
  const before = subtract(add(times(yearOfEra, 365), over(yearOfEra, 4)), over(yearOfEra, 100))
  const inYear = subtract(inEra, before)
  const shiftedMonth = over(add(times(inYear, 5), 2), 153)
  const late = graph.apply('GreaterOrEqual', [shiftedMonth, whole(10)])
  const month = graph.apply('Where', [late, subtract(shiftedMonth, 9), add(shiftedMonth, 3)])
  return (part) => {
    if (part === 'month') return month
    if (part === 'hour') return over(rest(shifted, dayLength), 3_600_000)
    if (part === 'weekday') return add(rest(add(day, 7 + 3 - (epochDay % 7)), 7), 1)
    if (part === 'day') return add(subtract(inYear, over(add(times(shiftedMonth, 153), 2), 5)), 1)
    const year = subtract(add(times(over(day, daysPerEra), 400), yearOfEra), eras * 400)
    return graph.apply('Where', [late, add(year, 1), year])
  }
}
