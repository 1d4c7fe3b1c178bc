import { escapeHtml } from './escape.ts'

/** A coordinate with one decimal: pictures stay small and the same on every machine. */
export function place(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Width a text will take, near enough to leave room for it: no font can be measured here. */
export function textWidth(text: string, size = 12): number {
  let units = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code > 0x2e7f) units += 1
    else if (/[mwMW@%]/.test(character)) units += 0.86
    else if (/[A-Z]/.test(character)) units += 0.68
    else units += /[iljft.,:;'|()\s·]/.test(character) ? 0.34 : 0.58
  }
  return units * size
}

/** The text cut to a width, with an ellipsis where something is left out. */
export function fitText(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text
  const characters = [...text]
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

export interface TextPlace {
  readonly x: number
  readonly y: number
  readonly class?: string
  readonly anchor?: 'start' | 'middle' | 'end'
}

export function svgText(text: string, at: TextPlace): string {
  const anchor = at.anchor && at.anchor !== 'start' ? ` text-anchor="${at.anchor}"` : ''
  const style = at.class ? ` class="${at.class}"` : ''
  return `<text x="${place(at.x)}" y="${place(at.y)}"${anchor}${style}>${escapeHtml(text)}</text>`
}

export function svgRect(x: number, y: number, width: number, height: number, style: string, radius = 0): string {
  const corners = radius ? ` rx="${radius}"` : ''
  return `<rect x="${place(x)}" y="${place(y)}" width="${place(Math.max(width, 0))}" height="${place(Math.max(height, 0))}"${corners} class="${style}"/>`
}

export function svgPath(path: string, style: string): string {
  return `<path d="${path}" class="${style}"/>`
}

/** A straight line from one point to another as path data. */
export function segment(x1: number, y1: number, x2: number, y2: number): string {
  return `M${place(x1)} ${place(y1)}L${place(x2)} ${place(y2)}`
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What the picture says, for those who can not see it. */
  readonly description: string
}

export function svgPicture(picture: Picture, body: string): string {
  const { width, height } = picture
  const size = `width="${Math.round(width)}" height="${Math.round(height)}" viewBox="0 0 ${Math.round(width)} ${Math.round(height)}"`
  const words = `<title>${escapeHtml(picture.title)}</title><desc>${escapeHtml(picture.description)}</desc>`
  return `<svg class="b-plot" role="img" aria-label="${escapeHtml(picture.title)}. ${escapeHtml(picture.description)}" ${size}>${words}${body}</svg>`
}
