import type { JsonValue, SweptParameter, SweptRange } from '#contract'
import { UsageError } from './command.ts'

const form = 'Write --set node.parameter=1,2,3, or --set node.parameter=0.001..1:log:points=5.'

/** `node.param=1,2,3`, `node.param=["a","b"]` (JSON), or `node.param=LOW..HIGH` with `:log`, `:integer`, `:points=N`. */
export function parseSwept(word: string): SweptParameter {
  const equals = word.indexOf('=')
  const [setting, text] = [word.slice(0, equals), word.slice(equals + 1)]
  if (equals < 1 || text === '')
    throw new UsageError(`--set needs a parameter and its values, but has "${word}".`, form)
  const range = parseRange(text)
  return range ? { setting, range } : { setting, values: parseValues(text) }
}

const number = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
const rangePattern = new RegExp(`^(${number})\\.\\.(${number})((?::[^:]+)*)$`)

/** A range of whole numbers is of whole numbers, unless a point or an exponent says otherwise. */
function parseRange(text: string): SweptRange | undefined {
  const match = rangePattern.exec(text)
  if (!match) return undefined
  const [, low, high, options] = match as unknown as [string, string, string, string]
  const words = options.split(':').filter(Boolean)
  const points = words.find((word) => word.startsWith('points='))
  const unknown = words.find((word) => word !== 'log' && word !== 'integer' && word !== points)
  if (unknown !== undefined) throw new UsageError(`A range has no option "${unknown}".`, form)
  return {
    low: Number(low),
    high: Number(high),
    ...(words.includes('log') && { log: true }),
    ...((words.includes('integer') || /^-?\d+$/.test(low + high.replace('-', ''))) && { integer: true }),
    ...(points !== undefined && { points: Number(points.slice('points='.length)) }),
  }
}

function parseValues(text: string): readonly JsonValue[] {
  const whole = jsonOrText(text)
  if (Array.isArray(whole)) return whole as JsonValue[]
  return text.split(',').map((part) => jsonOrText(part.trim()))
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}
