import type { TermsStep } from '../prepare/text-terms.ts'
import { joiner, wordSpans } from '../prepare/text-tokens.ts'

/** A piece of a text with what it pushes; what stands between words pushes nothing. */
export interface TextPart {
  readonly text: string
  readonly contribution: number
}

/** The text in pieces, word by word; `pushes` are those of the words in their order. */
export function textParts(text: string, pushes: ArrayLike<number>): readonly TextPart[] {
  const whole = text.toWellFormed()
  const parts: TextPart[] = []
  let at = 0
  const rest = (to: number) => {
    if (to > at) parts.push({ text: whole.slice(at, to), contribution: 0 })
    at = to
  }
  wordSpans(whole).forEach(({ from, to }, place) => {
    rest(from)
    parts.push({ text: whole.slice(from, to), contribution: pushes[place] ?? 0 })
    at = to
  })
  rest(whole.length)
  return parts
}

/** What terms push, told to the words they are made of: evenly over a term's places and over its words. */
export function wordPushes(
  text: string,
  { unit, from, to }: Pick<TermsStep, 'unit' | 'from' | 'to'>,
  pushOf: (term: string) => number,
): Float64Array {
  const tokens = wordSpans(text.toWellFormed()).map(({ token }) => token)
  const pushes = new Float64Array(tokens.length)
  const places = new Map<string, number[]>()
  for (let size = from; size <= to; size++)
    for (let at = 0; at + size <= tokens.length; at++) {
      const term = tokens.slice(at, at + size).join(joiner(unit))
      places.set(term, [...(places.get(term) ?? []), at])
    }
  for (const [term, starts] of places) {
    const size = term.split(joiner(unit)).length
    const each = pushOf(term) / starts.length / size
    for (const start of starts) for (let k = 0; k < size; k++) pushes[start + k]! += each
  }
  return pushes
}
