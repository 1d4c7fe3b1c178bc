import type { StatusSign } from './status-signs.ts'

/** Glyph and word in the colour of a state. */
export function Sign({ sign }: { readonly sign: StatusSign }) {
  return (
    <span className={`sign ${sign.tone}`}>
      <span aria-hidden="true">{sign.glyph}</span> {sign.word}
    </span>
  )
}
