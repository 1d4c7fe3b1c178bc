import type { Estimate } from '#contract'
import { formatFixed } from '#report/format-number'

/** "12.5 %": one decimal below a tenth and where it says something. */
export function shareText({ value }: Pick<Estimate, 'value'>): string {
  if (value === null) return '–'
  const percent = 100 * value
  const digits = percent === 0 || percent >= 99.95 ? 0 : percent < 0.095 ? 2 : percent < 10 ? 1 : 0
  return `${formatFixed(percent, digits)}\u00a0%`
}
