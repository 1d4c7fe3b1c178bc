import { type JsonValue, ProblemError, type SweptParameter, type SweptRange } from '#contract'

/** `node.param=1,2,3`, `node.param=["a","b"]` (JSON), or `node.param=LOW..HIGH` with `:log`, `:integer`, `:points=N`. */
export function parseSwept(word: string): SweptParameter {
  const equals = word.indexOf('=')
  const [setting, text] = [word.slice(0, Math.max(0, equals)), word.slice(equals + 1).trim()]
  if (setting === '' || text === '')
    throw unclear(`A swept parameter needs a name and values, but stands as "${word}".`)
  const range = parseRange(text)
  return range ? { setting, range } : { setting, values: parseValues(text) }
}

const number = String.raw`-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
const rangePattern = new RegExp(`^(${number})\\s*\\.\\.\\s*(${number})((?::[^:]+)*)$`)

/** A range between whole numbers is one of whole numbers; a point or an exponent makes it one of any. */
function parseRange(text: string): SweptRange | undefined {
  const match = rangePattern.exec(text)
  if (!match) return undefined
  const [, low, high, options] = match as unknown as [string, string, string, string]
  const words = options.split(':').filter(Boolean)
  const points = words.find((word) => /^points=\d+$/.test(word))
  const unknown = words.find((word) => word !== 'log' && word !== 'integer' && word !== points)
  if (unknown !== undefined) throw unclear(`A range has no option "${unknown}".`)
  const whole = [low, high].every((end) => /^-?\d+$/.test(end))
  return {
    low: Number(low),
    high: Number(high),
    ...(words.includes('log') && { log: true }),
    ...((words.includes('integer') || whole) && { integer: true }),
    ...(points !== undefined && { points: Number(points.slice('points='.length)) }),
  }
}

function parseValues(text: string): readonly JsonValue[] {
  const whole = jsonOrText(text)
  if (Array.isArray(whole)) return whole as JsonValue[]
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [jsonOrText(part.trim())]))
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}

const unclear = (message: string) =>
  new ProblemError({
    code: 'parameter-bad',
    message,
    fix: 'Write values as 1, 2, 3, or a range as 1..100, with :log for orders of magnitude.',
  })
