import { isNegative, isPositive, type InteractionTable } from '../interaction-table.ts'

export interface TimelineEvent {
  readonly itemIndex: number
  readonly rating: number
  readonly time: number
  readonly feedback: 'positive' | 'negative' | 'neutral'
}

/** What one user rated, oldest first; ratings of the same time in the order of the source. */
export function userTimeline(table: InteractionTable, userIndex: number): TimelineEvent[] {
  const events: TimelineEvent[] = []
  for (let row = 0; row < table.size; row++) {
    if (table.userIndex[row] !== userIndex) continue
    const rating = table.rating[row]!
    const feedback = isPositive(rating, table.scale) ? 'positive' : isNegative(rating, table.scale) ? 'negative' : 'neutral'
    events.push({ itemIndex: table.itemIndex[row]!, rating, time: table.time[row]!, feedback })
  }
  return events.sort((a, b) => a.time - b.time)
}
