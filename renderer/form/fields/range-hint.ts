import { formatNumber } from '../../shell/format.ts'
import { messages } from '../../shell/messages.ts'
import type { Parameter } from '../parameter.ts'

const manyDigits = 1e6

/** "1 – 10 000", "from 0", "up to 1"; limits beyond a million are not worth the room. */
export function rangeHint({ minimum, maximum }: Pick<Parameter, 'minimum' | 'maximum'>): string {
  const low = minimum === undefined || Math.abs(minimum) > manyDigits ? undefined : formatNumber(minimum)
  const high = maximum === undefined || Math.abs(maximum) > manyDigits ? undefined : formatNumber(maximum)
  if (low !== undefined && high !== undefined) return messages.form.range(low, high)
  if (low !== undefined) return messages.form.from(low)
  return high === undefined ? '' : messages.form.upTo(high)
}
