import { blockStyle } from '#report/block-style'

let adopted = false

/** Makes the looks of report blocks known to the page, once. */
export function adoptBlockStyle(): void {
  if (adopted) return
  adopted = true
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(blockStyle)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
