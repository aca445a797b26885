import type { TimeUnit } from '../../../contract/dto/import-settings.ts'
import { numberFault, readNumber } from './numbers.ts'
import type { TableRecord } from './record.ts'

const ISO =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?\s*$/i
/** 20180131 */
const COMPACT = /^\s*((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\s*$/
/** Mon Jul 06 13:31:02 -0700 2015: as C and Python write it. */
const SPOKEN = /^\s*[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:([+-]\d{4}|UTC|GMT) )?(\d{4})\s*$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** 31.01.2018, 1/31/18: which is the day and which the month, nobody knows. */
const OTHER_DATE = /^\s*\d{1,4}([./-])\d{1,2}\1\d{1,4}/
/** 5138 as seconds, 1973 as milliseconds: no rating was collected at either. */
const LEAST_MILLISECONDS = 100_000_000_000

/**
 * The time that a field holds, in seconds since 1970. Seconds may also be a rank in the user's history: see timeKindOf.
 *
 * @returns NaN when it is none; `timeFault` says why
 */
export function readTime(record: TableRecord, column: number, unit: TimeUnit): number {
  if (unit === 'iso') return parseIsoTime(record.text(column))
  const value = readNumber(record, column)
  return unit === 'milliseconds' ? value / 1000 : value
}

export function timeFault(text: string, unit: TimeUnit): string {
  if (text.trim() === '') return 'the time is empty'
  if (unit === 'iso' || OTHER_DATE.test(text)) return `the time "${text}" is no date such as 2018-01-31 or 2018-01-31T12:00:00Z`
  return numberFault('time', text)
}

/**
 * @param text a date, or a date and a time of day; without a zone it is taken as UTC
 * @returns seconds since 1970, or NaN
 */
export function parseIsoTime(text: string): number {
  const match = ISO.exec(inIsoOrder(text))
  if (!match) return NaN
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)))
  if (year === undefined || month === undefined || day === undefined) return NaN
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return NaN
  if (hour > 23 || minute > 59 || second > 60) return NaN
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`)
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 + fraction - zoneSeconds(match[8])
}

/** Dates in other forms that leave no doubt, put into the order of year, month, day. */
function inIsoOrder(text: string): string {
  const compact = COMPACT.exec(text)
  if (compact) return compact.slice(1, 4).join('-')
  const spoken = SPOKEN.exec(text)
  if (!spoken) return text
  const [, month, day, time, zone, year] = spoken
  const number = MONTHS.indexOf(month!) + 1
  return `${year!}-${number}-${day!}T${time!}${(zone ?? 'Z').replace('GMT', 'Z')}`
}

function daysOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || /^(z|utc)$/i.test(zone)) return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -60 : 60) * minutes
}

/** @returns the unit in which most of these texts are times, or null when they are none */
export function detectTimeUnit(texts: readonly string[]): TimeUnit | null {
  const filled = texts.filter((text) => text.trim() !== '')
  if (filled.length === 0) return null
  const iso = filled.filter((text) => !Number.isNaN(parseIsoTime(text))).length
  if (iso > filled.length / 2) return 'iso'
  const numbers = filled.filter((text) => /^\d+(\.\d+)?$/.test(text)).map(Number)
  if (numbers.length <= filled.length / 2) return null
  return numbers.filter((value) => value >= LEAST_MILLISECONDS).length > numbers.length / 2 ? 'milliseconds' : 'seconds'
}
