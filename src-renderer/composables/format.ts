/** Text for people. Dot decimals and a thin grouping everywhere, so that figures read the same as in the exports. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function formatInt(value: number): string {
  return whole.format(value)
}

/** A score between 0 and 1 with four digits, without the leading zero: .9034; 1 stays 1. */
export function formatScore(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const text = value.toFixed(4)
  return text.startsWith('0.') ? text.slice(1) : text.startsWith('-0.') ? `-${text.slice(2)}` : text === '1.0000' ? '1' : text
}

/** A difference of scores with its sign: +.0123, −.0045, ±0. */
export function formatSigned(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const text = formatScore(Math.abs(value))
  return text === '.0000' ? '±0' : `${value < 0 ? '−' : '+'}${text}`
}

/** A probability as tests report it: .012, and < .001 below that. */
export function formatP(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value < 0.001 ? '< .001' : value >= 0.9995 ? '1' : value.toFixed(3).slice(1)
}

/** Any measured value with about four significant digits: 12,340 · 3.142 · 0.00042 · 1.2e-7. */
export function formatValue(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 10_000) return size >= 1e9 ? value.toExponential(2) : formatInt(value)
  if (size < 1e-4) return value.toExponential(2)
  return String(Number(value.toPrecision(4)))
}

/** @param share 0..1 */
export function formatPercent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`
}

/** 0.4 s · 12 s · 3 min 05 s · 2 h 07 min · 3 d 4 h */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const total = Math.round(seconds)
  if (total < 60) return `${total} s`
  const two = (value: number) => String(value).padStart(2, '0')
  if (total < 3600) return `${Math.floor(total / 60)} min ${two(total % 60)} s`
  if (total < 86_400) return `${Math.floor(total / 3600)} h ${two(Math.floor((total % 3600) / 60))} min`
  return `${Math.floor(total / 86_400)} d ${Math.floor((total % 86_400) / 3600)} h`
}

/** 2026-03-01 14:05, local time. */
export function formatTime(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** "just now", "4 min ago", "3 h ago", and the date from a day on. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000)
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return formatTime(at)
}

/** "1 run", "3 runs" */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatInt(count)} ${count === 1 ? one : many}`
}

/** learningRate → "Learning rate"; kept when the name has no humps. */
export function humanise(name: string): string {
  const words = name
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A name that every file system takes, for a download. */
export function fileName(text: string): string {
  const safe = text
    .normalize('NFKD')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
  return safe.slice(0, 80) || 'palate'
}
