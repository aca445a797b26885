import type { DatasetActivity } from '../../src-main/contract/dto/dataset-figures.ts'
import type { TimeKind } from '../../src-main/contract/dto/dataset.ts'
import { formatInt, plural } from './format.ts'

type Unit = DatasetActivity['unit']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 2024-02-29, in UTC as the bins are; a time beyond all calendars stays a number of seconds. */
export function formatDay(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${formatInt(seconds)} s` : date.toISOString().replace(/T.*/, '')
}

/** When something happened, by what the data set knows of time. */
export function formatMoment(time: number, kind: TimeKind): string {
  if (kind === 'per-user-rank') return `no. ${formatInt(time)}`
  if (kind === 'file-order') return `row ${formatInt(time + 1)}`
  const date = new Date(time * 1000)
  return Number.isNaN(date.getTime()) ? formatDay(time) : date.toISOString().slice(0, -8).replace('T', ' ')
}

/** @param bin its ends, the second one exclusive */
export function formatBin(bin: { from: number; to: number }, unit: Unit): string {
  const date = new Date(bin.from * 1000)
  if (unit === 'month') return `${months[date.getUTCMonth()]!} ${date.getUTCFullYear()}`
  if (unit === 'year') return String(date.getUTCFullYear())
  if (unit === 'day') return formatDay(bin.from)
  if (unit === 'week') return `Week of ${formatDay(bin.from)}`
  if (unit === 'span') return `${formatDay(bin.from)} to ${formatDay(bin.to)}`
  const shift = unit === 'row' ? 1 : 0
  const [first, last] = [bin.from + shift, bin.to - 1 + shift]
  return first === last ? formatInt(first) : `${formatInt(first)} to ${formatInt(last)}`
}

/** Of a bin, for an axis. */
export function formatTick(bin: { from: number; to: number }, unit: Unit): string {
  if (unit === 'rank') return formatInt(bin.from)
  if (unit === 'row') return formatInt(bin.from + 1)
  return unit === 'week' || unit === 'span' ? formatDay(bin.from) : formatBin(bin, unit)
}

/** What the activity chart of such a data set is about. */
export function describeActivity({ unit, bins }: DatasetActivity): { title: string; lead: string } {
  const [first, last] = [bins[0], bins.at(-1)]
  if (unit === 'rank')
    return {
      title: 'Ratings by rank',
      lead: `Times are per-user ranks: how far the histories of users reach, in steps of ${plural((first?.to ?? 1) - (first?.from ?? 0), 'rating')}`,
    }
  if (unit === 'row')
    return { title: 'Ratings in file order', lead: 'The source has no times: rows stand in the order of the file' }
  if (!first || !last) return { title: 'Activity over time', lead: 'No ratings' }
  const lead = `Ratings per ${unit}, ${formatDay(first.from)} to ${formatDay(last.to - 1)} (UTC), ${plural(bins.length, unit)}`
  return { title: 'Activity over time', lead }
}
