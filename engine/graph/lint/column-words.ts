/** A column's name as lower-case words: "AgeGroup_2" is age, group, 2. */
export function columnWords(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}

/** Grounds on which the law of many countries forbids to decide (EU Charter art. 21, US Equal Credit Opportunity Act). */
const protectedWords = new Set(
  'sex gender race ethnicity ethnic religion religious belief nationality disability disabled pregnant pregnancy marital orientation caste'.split(
    ' ',
  ),
)
/** Ages of things are no ages of people. */
const agePhrases = [
  /^age$/,
  /^age (group|band|years|range)$/,
  /^(applicant|person|customer|client) age$/,
  /^(birth ?year|year birth|date birth|birth ?date|birthday|dob)$/,
]

export function namesProtected(name: string): boolean {
  const words = columnWords(name)
  return words.some((word) => protectedWords.has(word)) || agePhrases.some((phrase) => phrase.test(words.join(' ')))
}

const proxyWords = new Set(
  'postcode zip zipcode postal plz neighbourhood neighborhood surname lastname firstname forename birthplace'.split(
    ' ',
  ),
)
const proxyPhrases = [
  /^(first|last|family|given|maiden) name$/,
  /^postal? code$/,
  /^zip code$/,
  /^place of birth$/,
  /^mother tongue$/,
]

/** Columns that stand in for origin, religion or sex: where someone lives, and what someone is called. */
export function namesProxy(name: string): boolean {
  const words = columnWords(name)
  return words.some((word) => proxyWords.has(word)) || proxyPhrases.some((phrase) => phrase.test(words.join(' ')))
}

const laterWords = new Set(
  'outcome result decision verdict resolution settled settlement recovered recovery refund refunded collections writeoff chargeoff final'.split(
    ' ',
  ),
)

/** Columns that are filled in after the target is known. */
export function namesAftermath(name: string, target: string): boolean {
  const [words, goal] = [columnWords(name), columnWords(target)]
  if (words.some((word) => laterWords.has(word))) return true
  const about = goal.filter((word) => word.length > 3)
  return about.length > 0 && words.length > goal.length && about.every((word) => words.includes(word))
}

/** Names that tell rows apart rather than describe them. */
export function namesIdentifier(name: string): boolean {
  const words = columnWords(name)
  return /^(id|uuid|guid|key|rownum|index)$/.test(words.at(-1) ?? '') && words.length <= 3
}
