const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u

/** Columns a text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += wide.test(character) && !/[✓✕↺◔◌⊘◐○◷–]/.test(character) ? 2 : 1
  return width
}

/** Rows in aligned columns, two spaces apart; no trailing spaces. */
export function textTable(rows: readonly (readonly string[])[], indent = ''): string {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column] ?? ''))),
  )
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, column) => cell + ' '.repeat(widths[column]! - textWidth(cell)))
          .join('  ')
          .trimEnd(),
    )
    .join('\n')
}

/** The rows without those that say what another says: an audit gives its worst group's figures also by their column. */
export function differentRows(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(rows.map((row) => [row.join('\n'), row])).values()]
}

/** A text cut to a width, with an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (textWidth(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}
