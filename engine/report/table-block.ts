import type { BlockCell, Estimate, ReportBlock, TableCell } from '#contract'
import { escapeHtml, inlineHtml } from './escape.ts'
import { defaultDigits, estimateDigits, formatInterval, formatNumber, noValue } from './format-number.ts'

type TableBlock = Extract<ReportBlock, { block: 'table' }>

const isText = (cell: BlockCell): cell is TableCell => typeof cell === 'object' && cell !== null && 'text' in cell

function estimateOf(cell: BlockCell): Estimate | undefined {
  if (typeof cell === 'number') return { value: cell }
  return typeof cell === 'object' && cell !== null && !isText(cell) ? cell : undefined
}

interface ColumnStyle {
  readonly numeric: boolean
  readonly digits: number
  /** Holds sentences, which a narrow page would set a word a line. */
  readonly long: boolean
}

const longText = 60

/** Figures below this show as many decimals as they need, whatever the rest of their column does. */
const tiny = 0.001

/** A column of figures has the same decimals in each row, so that they can be compared down the page. */
function styleOf(block: TableBlock, column: number): ColumnStyle {
  const cells = block.rows.map((row) => row[column] ?? null).filter((cell) => cell !== null)
  const estimates = cells.map(estimateOf).filter((estimate) => estimate !== undefined)
  const plain = estimates.filter((estimate) => estimate.value === 0 || Math.abs(estimate.value ?? 0) >= tiny)
  const digits = plain.reduce((most, estimate) => Math.max(most, estimateDigits(estimate)), 0)
  const long = cells.some((cell) => (isText(cell) ? cell.text : String(cell)).length > longText)
  return { numeric: estimates.length > 0 && estimates.length === cells.length, digits, long }
}

function cellHtml(cell: BlockCell, style: ColumnStyle): string {
  if (cell === null) return `<span class="b-none">${noValue}</span>`
  if (typeof cell === 'string') return inlineHtml(cell)
  if (isText(cell))
    return cell.tone ? `<b class="tone-${cell.tone}">${escapeHtml(cell.text)}</b>` : inlineHtml(cell.text)
  const estimate = estimateOf(cell)!
  const small = estimate.value !== null && estimate.value !== 0 && Math.abs(estimate.value) < tiny
  const digits = small ? Math.max(style.digits, defaultDigits(estimate.value)) : style.digits
  const interval = formatInterval(estimate, 'number', digits)
  return formatNumber(estimate.value, digits) + (interval ? `<span class="b-interval">${interval}</span>` : '')
}

export function tableBlock(block: TableBlock): string {
  const styles = block.columns.map((_, i) => styleOf(block, i))
  const side = (i: number) => (styles[i]!.numeric ? ' class="num"' : styles[i]!.long ? ' class="long"' : '')
  const head = block.columns.map((column, i) => `<th scope="col"${side(i)}>${escapeHtml(column)}</th>`).join('')
  const rows = block.rows.map((row) => {
    const cells = block.columns.map((_, i) => {
      const content = cellHtml(row[i] ?? null, styles[i]!)
      return i === 0 && !styles[0]!.numeric ? `<th scope="row">${content}</th>` : `<td${side(i)}>${content}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  const caption = block.title ? `<caption>${inlineHtml(block.title)}</caption>` : ''
  const note = block.note ? `<p class="b-under">${inlineHtml(block.note)}</p>` : ''
  const body = rows.join('') || `<tr><td class="b-none" colspan="${block.columns.length}">No rows.</td></tr>`
  return `<div class="b-scroll" tabindex="0" role="region" aria-label="${escapeHtml(block.title ?? block.columns.join(', '))}"><table class="b-table">${caption}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${note}`
}
