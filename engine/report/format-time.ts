const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const space = '\u00a0'

/** A date as read on this computer: "24 November 2026". Gives the text back when it is no date. */
export function formatDate(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return `${date.getDate()}${space}${months[date.getMonth()]}${space}${date.getFullYear()}`
}

/** "24 Nov". */
export function formatShortDate(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return `${date.getDate()}${space}${months[date.getMonth()]!.slice(0, 3)}`
}

/** "13:48". */
export function formatTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

/** A duration in the unit one would say it in: "0.2 s", "41 s", "2 min", "1 h 5 min". */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return '–'
  if (ms < 9_950) return `${(ms / 1_000).toFixed(ms < 95 && ms >= 1 ? 2 : 1)}${space}s`
  if (ms < 59_500) return `${Math.round(ms / 1_000)}${space}s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 60) return `${minutes}${space}min`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)}${space}h${rest ? ` ${rest}${space}min` : ''}`
}
