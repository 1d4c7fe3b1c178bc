import { textWidth } from './svg.ts'

export const barLabelSize = 12.5
export const barThickness = 18
const gap = 14

/**
 * Where things stand in a chart of horizontal bars, from left to right: label, bars, value, interval, note.
 * aside: the note has its own column; below: it stands under its label; stacked: label and note stand over the bar.
 */
export interface BarsLayout {
  readonly mode: 'aside' | 'below' | 'stacked'
  readonly labels: number
  readonly area: number
  readonly values: number
  readonly intervals: number
  readonly rowHeight: number
}

export interface BarTexts {
  readonly labels: readonly string[]
  readonly values: readonly string[]
  readonly intervals: readonly string[]
  readonly notes: readonly string[]
}

const widest = (texts: readonly string[], size: number) =>
  texts.reduce((width, text) => Math.max(width, textWidth(text, size)), 0)

const column = (width: number) => (width > 0 ? width + gap : 0)

export function barsLayout(texts: BarTexts, width: number): BarsLayout {
  const values = Math.max(widest(texts.values, barLabelSize) * 1.06, 24) + 10 + gap
  const intervals = column(widest(texts.intervals, 11.5))
  const notes = widest(texts.notes, barLabelSize)
  const labels = widest(texts.labels, barLabelSize)
  const figures = values + intervals
  const mode = modeOf(width, labels, figures, notes)
  if (mode === 'stacked')
    return { mode, labels: 0, area: Math.max(width - figures, 60), values, intervals, rowHeight: 47 }
  const below = mode === 'below'
  const labelColumn = Math.min(Math.max(labels, below ? widest(texts.notes, 11) : 0) + gap, width * 0.4)
  const area = Math.max(width - labelColumn - figures - (below ? 0 : column(notes)), 60)
  return { mode, labels: labelColumn, area, values, intervals, rowHeight: below ? 38 : 29 }
}

function modeOf(width: number, labels: number, figures: number, notes: number): BarsLayout['mode'] {
  if (width < 440 && labels + figures > width * 0.5) return 'stacked'
  return notes > 0 && notes + figures > width * 0.42 ? 'below' : 'aside'
}
