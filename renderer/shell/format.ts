import { timeMessages } from './time-messages.ts'

const thinSpace = '\u202f'
const unitSpace = '\u00a0'
const minus = '\u2212'

/** 48842 as "48 842", with a thin space between thousands and a real minus. */
export function formatNumber(value: number, digits?: number): string {
  if (!Number.isFinite(value)) return '–'
  const text = digits === undefined ? String(value) : value.toFixed(digits)
  const [, sign, whole, rest] = /^(-?)(\d+)(.*)$/.exec(text) ?? [text, '', text, '']
  return (sign ? minus : '') + whole!.replace(/\B(?=(\d{3})+$)/g, thinSpace) + rest
}

/** A figure with as many digits as help: 0.857, 12.3, 48 842. */
export function formatFigure(value: number): string {
  if (Number.isInteger(value)) return formatNumber(value)
  const size = Math.abs(value)
  return formatNumber(value, size >= 100 ? 0 : size >= 10 ? 1 : 3)
}

export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 100)}${unitSpace}%`
}

/** "0.2 s", "14 s", "2 min", "1 h 5 min". */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${Math.max(0.1, seconds).toFixed(1)}${unitSpace}s`
  if (seconds < 60) return `${Math.round(seconds)}${unitSpace}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}${unitSpace}min`
  return `${Math.floor(minutes / 60)}${unitSpace}h ${minutes % 60}${unitSpace}min`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)}${unitSpace}${units[unit]}`
}

const day = 86_400_000

/** "12 min ago", "13:48", "yesterday", "Friday", "24 November 2026". */
export function formatWhen(iso: string, now = Date.now()): string {
  const then = new Date(iso)
  const age = now - then.getTime()
  if (age < 60_000) return timeMessages.now
  if (age < 3_600_000) return timeMessages.minutesAgo(Math.round(age / 60_000))
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (then.getTime() >= midnight)
    return then.toLocaleTimeString(timeMessages.locale, { hour: '2-digit', minute: '2-digit' })
  if (then.getTime() >= midnight - day) return timeMessages.yesterday
  if (then.getTime() >= midnight - 6 * day) return then.toLocaleDateString(timeMessages.locale, { weekday: 'long' })
  const year = then.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return then.toLocaleDateString(timeMessages.locale, { day: 'numeric', month: 'long', ...year })
}
