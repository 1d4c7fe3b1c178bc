const most = 6

/** Decimals at which a figure and its limit don't read the same: 0.798 against 0.80, never "0.80 is below 0.80". */
export function tellingDigits(value: number, limit: number, least: number): number {
  if (value === limit) return least
  for (let digits = least; digits < most; digits++) if (value.toFixed(digits) !== limit.toFixed(digits)) return digits
  return most
}
