/**
 * How well a text answers a query, 0 for not at all: the whole, its beginning, the beginning of a word, the first
 * letters of words, a part, then its letters in order.
 */
export function fuzzyScore(query: string, text: string): number {
  const wanted = query.trim().toLowerCase()
  const found = text.toLowerCase()
  if (wanted === '') return 1
  if (found === wanted) return 100
  if (found.startsWith(wanted)) return 90
  const words = found.split(/[\s/_-]+/)
  if (words.some((word) => word.startsWith(wanted))) return 75
  if (
    words
      .map((word) => word.charAt(0))
      .join('')
      .startsWith(wanted.replace(/\s/g, ''))
  )
    return 60
  if (wanted.includes(' ') && wanted.split(/\s+/).every((part) => words.some((word) => word.startsWith(part))))
    return 70
  if (found.includes(wanted)) return 50
  return inOrder(wanted, found) ? 15 : 0
}

/** Letters of the query in order, the first at the beginning of a word and none far from the one before. */
function inOrder(query: string, text: string): boolean {
  let at = [...text].findIndex(
    (letter, index) => letter === query[0] && (index === 0 || /[\s/_-]/.test(text[index - 1]!)),
  )
  if (at < 0 || query.length < 3) return false
  for (const letter of query.slice(1)) {
    const next = text.indexOf(letter, at + 1)
    if (next < 0 || next - at > 6) return false
    at = next
  }
  return true
}
