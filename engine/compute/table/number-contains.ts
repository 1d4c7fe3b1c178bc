import type { Column } from '#contract'
import { numberTexts } from './cell-text.ts'
import { rememberedTest } from './remembered-test.ts'

/** Decimals up to which a number is looked at as digits instead of as text. */
const mostDecimals = 4
/** Two decimals of up to fifteen digits are never the same double, so digits below it are those of the number's text. */
const mostExact = 1e15

/** Whether a number's text contains the wanted one. */
export function numberContains(column: Column, wanted: string): (value: number) => boolean {
  const asText = rememberedTest((value) => numberTexts(column, value).some((text) => text.includes(wanted)))
  const numeric = column.type === 'number' || column.type === 'integer'
  return numeric && /^\d{1,15}$/.test(wanted) ? digitsInside(wanted, asText) : asText
}

/** Of a text of digits alone: found by arithmetic, several times as quick as by writing the number down. */
function digitsInside(wanted: string, asText: (value: number) => boolean): (value: number) => boolean {
  const { length } = wanted
  const sought = Number(wanted)
  const cycle = 10 ** length
  const shortest = length === 1 ? 0 : cycle / 10
  return (value) => {
    const size = Math.abs(value)
    let scale = 1
    for (let decimals = 0; decimals <= mostDecimals; decimals++, scale *= 10) {
      const digits = Math.round(size * scale)
      if (digits >= mostExact) break
      if (digits / scale !== size) continue
      let whole = Math.floor(digits / scale)
      let part = digits - whole * scale
      for (let left = decimals; left >= length; left--, part = Math.floor(part / 10))
        if (part % cycle === sought) return true
      do {
        if (whole >= shortest && whole % cycle === sought) return true
        whole = Math.floor(whole / 10)
      } while (whole >= shortest && whole > 0)
      return false
    }
    return asText(value)
  }
}
