import type { InteractionTable } from '../interaction-table.ts'

/** What one bin spans: calendar units in UTC, `span` where times reach over centuries, ranks, or rows of the source. */
export type TimeUnit = 'day' | 'week' | 'month' | 'year' | 'span' | 'rank' | 'row'

export interface TimeBins {
  readonly unit: TimeUnit
  /** Where each bin begins, ascending; one more than there are bins, the last entry is where the last bin ends. */
  readonly edges: readonly number[]
  /** @returns the bin of a time that occurs in the table */
  binOf(time: number): number
}

const DAY_SECONDS = 86_400
const MOST_DAYS = 92
const MOST_WEEK_DAYS = 3 * 366
const MOST_MONTH_DAYS = 25 * 366
const MOST_YEAR_DAYS = 200 * 366
const EQUAL_BINS = 80

/** Cuts the time of a table into bins that a chart can show: days, weeks, months or years by its span; ranks; rows. */
export function timeBins(table: InteractionTable): TimeBins {
  if (table.size === 0) return { unit: 'span', edges: [], binOf: () => 0 }
  let low = Infinity
  let high = -Infinity
  for (const time of table.time) {
    if (time < low) low = time
    if (time > high) high = time
  }
  if (table.timeKind === 'per-user-rank') return wholeBins('rank', low, high)
  if (table.timeKind === 'file-order') return wholeBins('row', low, high)
  const firstDay = Math.floor(low / DAY_SECONDS)
  const days = Math.floor(high / DAY_SECONDS) - firstDay + 1
  if (days <= MOST_DAYS) return calendarBins('day', firstDay, days)
  if (days <= MOST_WEEK_DAYS) return calendarBins('week', firstDay, days)
  if (days <= MOST_MONTH_DAYS) return calendarBins('month', firstDay, days)
  if (days <= MOST_YEAR_DAYS) return calendarBins('year', firstDay, days)
  return equalBins('span', low, (high - low) / EQUAL_BINS, EQUAL_BINS)
}

/** Bins of equal whole width, as many as a chart holds. */
function wholeBins(unit: TimeUnit, low: number, high: number): TimeBins {
  const first = Math.floor(low)
  const count = Math.floor(high) - first + 1
  const width = Math.ceil(count / EQUAL_BINS)
  return equalBins(unit, first, width, Math.ceil(count / width))
}

function equalBins(unit: TimeUnit, first: number, width: number, count: number): TimeBins {
  const edges = Array.from({ length: count + 1 }, (_, bin) => first + bin * width)
  return { unit, edges, binOf: (time) => Math.min(count - 1, Math.floor((time - first) / width)) }
}

/** A day's bin is looked up: a million dates would take longer than everything else together. */
function calendarBins(unit: 'day' | 'week' | 'month' | 'year', firstDay: number, days: number): TimeBins {
  const edges: number[] = []
  let next = startOf(unit, firstDay)
  while (next < firstDay + days) {
    edges.push(next * DAY_SECONDS)
    next = startAfter(unit, next)
  }
  const binOfDay = new Int32Array(days)
  for (let day = 0, bin = 0; day < days; day++) {
    while (bin + 1 < edges.length && (firstDay + day) * DAY_SECONDS >= edges[bin + 1]!) bin++
    binOfDay[day] = bin
  }
  edges.push(next * DAY_SECONDS)
  return { unit, edges, binOf: (time) => binOfDay[Math.floor(time / DAY_SECONDS) - firstDay]! }
}

/** @param day days since 1970; @returns the first day of the unit that holds it */
function startOf(unit: 'day' | 'week' | 'month' | 'year', day: number): number {
  if (unit === 'day') return day
  // Day -3, the 29th of December 1969, was a Monday.
  if (unit === 'week') return day - ((((day + 3) % 7) + 7) % 7)
  const date = new Date(day * DAY_SECONDS * 1000)
  return daysOf(date.getUTCFullYear(), unit === 'month' ? date.getUTCMonth() : 0)
}

function startAfter(unit: 'day' | 'week' | 'month' | 'year', start: number): number {
  if (unit === 'day') return start + 1
  if (unit === 'week') return start + 7
  const date = new Date(start * DAY_SECONDS * 1000)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return unit === 'month' ? daysOf(year, month + 1) : daysOf(year + 1, 0)
}

function daysOf(year: number, month: number): number {
  const date = new Date(0)
  // Date.UTC takes the years 0 to 99 for those of the last century.
  date.setUTCFullYear(year, month, 1)
  return Math.round(date.getTime() / (DAY_SECONDS * 1000))
}
