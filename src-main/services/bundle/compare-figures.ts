import type { MetricPoint, ResultRowWithInterval } from '../../contract/dto/run.ts'
import type { JobOutcome } from '../../engine/training/job.types.ts'
import type { RunFigures } from './run-files.ts'

/** What was compared and what of it is not the same. */
export interface Comparison {
  /** Numbers compared. */
  readonly compared: number
  readonly differing: number
  /** The largest difference between two figures of a table of results; Infinity where one is missing. */
  readonly largest: number
  /** The first few, one line each. */
  readonly lines: string[]
}

const mostLines = 10

/** Gathers differences without keeping more lines than a person reads. */
class Tally {
  compared = 0
  differing = 0
  largest = 0
  readonly lines: string[] = []

  take(same: boolean, line: () => string, difference = 0): void {
    this.compared += 1
    if (same) return
    this.differing += 1
    this.largest = Math.max(this.largest, difference)
    if (this.lines.length < mostLines) this.lines.push(line())
  }
}

/** The tables of results: every packed figure, its interval and its number of users against the one computed now. */
export function compareResults(packed: readonly ResultRowWithInterval[], computed: readonly ResultRowWithInterval[]): Comparison {
  const found = new Map(computed.map((row) => [keyOf(row), row]))
  const tally = new Tally()
  for (const row of packed) {
    const other = found.get(keyOf(row))
    const what = `${row.model}, ${row.protocol}, ${row.subset} users, ${row.metric}@${row.k}`
    const difference = other ? Math.abs(other.value - row.value) : Infinity
    tally.take(
      other?.value === row.value,
      () => `${what}: ${row.value} in the bundle, ${other?.value ?? 'nothing'} here`,
      difference,
    )
    if (!other) continue
    const interval = other.low === row.low && other.high === row.high && other.users === row.users
    tally.take(interval, () => `${what}: its interval or its number of users is another one`)
  }
  return tally
}

/** Figures per user and recommended items with their scores: every packed one against the one computed now. */
export function compareUsers(packed: RunFigures, outcome: JobOutcome): Comparison {
  const tally = new Tally()
  const users = outcome.userMetrics
  const values = new Map(
    Array.from(users.value, (value, i) => [
      [users.protocol[i], users.userIndex[i], users.k[i], users.metric[i]].join(' '),
      value,
    ]),
  )
  const mine = packed.userMetrics
  mine.value.forEach((value, i) => {
    const [protocol, user, k, metric] = [mine.protocol[i]!, mine.userIndex[i]!, mine.k[i]!, mine.metric[i]!]
    const other = values.get([protocol, user, k, metric].join(' '))
    tally.take(
      other === value,
      () => `user ${user}, ${protocol}, ${metric}@${k}: ${value} in the bundle, ${other ?? 'nothing'} here`,
    )
  })
  const lists = outcome.recommendations
  const places = new Map(Array.from(lists.rank, (rank, i) => [[lists.protocol[i], lists.userIndex[i], rank].join(' '), i]))
  const own = packed.recommendations
  own.rank.forEach((rank, i) => {
    const at = places.get([own.protocol[i], own.userIndex[i], rank].join(' '))
    const where = `user ${own.userIndex[i]}, ${own.protocol[i]}, rank ${rank}`
    const same =
      at !== undefined &&
      lists.itemIndex[at] === own.itemIndex[i] &&
      lists.score[at] === own.score[i] &&
      Object.is(lists.rating[at], own.rating[i])
    tally.take(same, () => `${where}: item ${own.itemIndex[i]} with ${own.score[i]} in the bundle, not so here`)
  })
  return tally
}

/** Curves, point by point; the time that a point took is nothing to compare. */
export function comparePoints(packed: readonly MetricPoint[], made: readonly MetricPoint[]): Comparison {
  const tally = new Tally()
  const found = new Map(made.map(({ name, update, value }) => [`${update} ${name}`, value]))
  for (const { name, update, value } of packed) {
    const other = found.get(`${update} ${name}`)
    tally.take(other === value, () => `${name} at update ${update}: ${value} in the bundle, ${other ?? 'nothing'} here`)
  }
  if (made.length > packed.length)
    tally.take(false, () => `${made.length - packed.length} points of curves are not in the bundle`)
  return tally
}

export function together(...parts: readonly Comparison[]): Comparison {
  return {
    compared: parts.reduce((sum, part) => sum + part.compared, 0),
    differing: parts.reduce((sum, part) => sum + part.differing, 0),
    largest: Math.max(0, ...parts.map((part) => part.largest)),
    lines: parts.flatMap((part) => part.lines).slice(0, mostLines),
  }
}

function keyOf({ model, protocol, subset, k, metric }: ResultRowWithInterval): string {
  return JSON.stringify([model, protocol, subset, k, metric])
}
