import type { JsonValue } from '#contract'

const token =
  /\s*(?:(None|True|False)|([-+]?(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][-+]?\d+)?)|[bBuUrR]?("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|([[\]{}(),:]))/y

type Token = { readonly value: JsonValue } | { readonly sign: string }

/** What a Python literal says (None, booleans, numbers, texts, lists, tuples, dictionaries); undefined where it is none. */
export function readPythonLiteral(text: string): JsonValue | undefined {
  const tokens = tokensOf(text.trim())
  if (!tokens) return undefined
  const state = { tokens, at: 0 }
  const value = readValue(state)
  return state.at === tokens.length ? value : undefined
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (!found) return undefined
    const [, word, number, quoted, sign] = found
    if (word !== undefined) tokens.push({ value: word === 'None' ? null : word === 'True' })
    else if (number !== undefined) tokens.push({ value: Number(number.replaceAll('_', '')) })
    else if (quoted !== undefined) tokens.push({ value: unquoted(quoted) })
    else tokens.push({ sign: sign! })
  }
  return tokens
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\s\S]))/gi, (_, hex, unicode, other) => {
    const code = hex ?? unicode
    return code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[other] ?? other)
  })
}

interface State {
  readonly tokens: readonly Token[]
  at: number
}

const signAt = ({ tokens, at }: State) => {
  const next = tokens[at]
  return next && 'sign' in next ? next.sign : undefined
}

function readValue(state: State): JsonValue | undefined {
  const next = state.tokens[state.at++]
  if (!next) return undefined
  if ('value' in next) return next.value
  if (next.sign === '{') return readDictionary(state)
  return next.sign === '[' || next.sign === '(' ? readList(state, next.sign === '[' ? ']' : ')') : undefined
}

function readList(state: State, end: string): JsonValue | undefined {
  const values: JsonValue[] = []
  while (signAt(state) !== end) {
    const value = readValue(state)
    if (value === undefined) return undefined
    values.push(value)
    if (signAt(state) === ',') state.at++
    else if (signAt(state) !== end) return undefined
  }
  state.at++
  return values
}

/** Keys that are no texts are written as texts; a set is a list. */
function readDictionary(state: State): JsonValue | undefined {
  const entries: [string, JsonValue][] = []
  const values: JsonValue[] = []
  while (signAt(state) !== '}') {
    const key = readValue(state)
    if (key === undefined) return undefined
    if (signAt(state) === ':') {
      state.at++
      const value = readValue(state)
      if (value === undefined) return undefined
      entries.push([typeof key === 'string' ? key : JSON.stringify(key), value])
    } else values.push(key)
    if (signAt(state) === ',') state.at++
    else if (signAt(state) !== '}') return undefined
  }
  state.at++
  return values.length > 0 ? values : Object.fromEntries(entries)
}
