/**
 * Words and characters of a text, told apart the same way here and in an ONNX graph. ASCII letters become lower-case in
 * the graph (StringNormalizer with the locale C, which every machine has); for other letters the graph looks up the
 * spellings that a lower-case form has, and a word in any further spelling is a word of its own, here too.
 */
export type TextUnit = 'word' | 'character'

/** Two letters, digits or underscores and more, as scikit-learn's default; the same pattern in the syntax of RE2. */
export const wordPattern = '[\\p{L}\\p{N}_]{2,}'
const word = new RegExp(wordPattern, 'gu')

const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const single = (character: string, mapped: string) => ([...mapped].length === 1 ? mapped : character)
const lower = (character: string) => single(character, character.toLowerCase())
/** The capital that becomes this character again, else the character itself. */
const upper = (character: string) => {
  const capital = single(character, character.toUpperCase())
  return lower(capital) === character ? capital : character
}

const mostSwitched = 4

/** How a word may be spelled once its ASCII letters are lower-case, the word itself first. */
export function spellings(text: string): readonly string[] {
  const characters = [...text]
  const switched = characters.flatMap((one, place) => (one > '\u007f' && upper(one) !== one ? [place] : []))
  if (switched.length === 0) return [text]
  const withCapitals = (places: readonly number[]) =>
    characters.map((one, place) => (places.includes(place) ? upper(one) : one)).join('')
  if (switched.length > mostSwitched)
    return [...new Set([text, ...(switched[0] === 0 ? [withCapitals([0])] : []), withCapitals(switched)])]
  return Array.from({ length: 2 ** switched.length }, (_, mask) =>
    withCapitals(switched.filter((_, bit) => mask & (1 << bit))),
  )
}

/** The word that stands for a spelling, ASCII letters already lower-case. */
function foldWord(text: string): string {
  const low = Array.from(text, lower).join('')
  return low !== text && spellings(low).includes(text) ? low : text
}

const isSpace = (character: string) => /\s/.test(character)

function foldCharacter(character: string): string {
  if (isSpace(character)) return ' '
  const low = lower(character)
  return upper(low) === character ? low : character
}

let spaces: readonly string[] | undefined
/** Every character that stands for white space; found when first asked for, since that takes milliseconds. */
function allSpaces(): readonly string[] {
  spaces ??= Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(isSpace)
  return spaces
}
export const characterSpellings = (character: string): readonly string[] =>
  character === ' ' ? allSpaces() : [...new Set([character, upper(character)])]

/** Lower-case words, or lower-case characters with all white space as a blank. */
export function tokensOf(text: string, unit: TextUnit): readonly string[] {
  const whole = text.toWellFormed()
  if (unit === 'character') return Array.from(whole, foldCharacter)
  return Array.from(asciiLower(whole).matchAll(word), ([token]) => foldWord(token))
}

/** Where the words of a well-formed text stand: [from, to) in UTF-16 units. */
export function wordSpans(
  text: string,
): readonly { readonly token: string; readonly from: number; readonly to: number }[] {
  return Array.from(asciiLower(text).matchAll(word), ({ 0: token, index }) => ({
    token: foldWord(token),
    from: index,
    to: index + token.length,
  }))
}

/** What stands between the words of a term. */
export const joiner = (unit: TextUnit) => (unit === 'word' ? ' ' : '')
export const splitTerm = (term: string, unit: TextUnit): readonly string[] =>
  unit === 'word' ? term.split(' ') : [...term]

/** How often each run of `from` to `to` tokens occurs. */
export function countTerms(text: string, unit: TextUnit, from: number, to: number): ReadonlyMap<string, number> {
  const tokens = tokensOf(text, unit)
  const between = joiner(unit)
  const counts = new Map<string, number>()
  for (let at = 0; at < tokens.length; at++) {
    let term = ''
    for (let size = 1; size <= to && at + size <= tokens.length; size++) {
      term = size === 1 ? tokens[at]! : term + between + tokens[at + size - 1]!
      if (size >= from) counts.set(term, (counts.get(term) ?? 0) + 1)
    }
  }
  return counts
}
