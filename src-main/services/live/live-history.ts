import type { PastAnswer } from '../../contract/dto/live.ts'
import type { ItemLabel } from '../../storage/repositories/items.ts'
import type { StoredAnswer } from '../../storage/repositories/live-sessions.ts'

/** The stored answers of a session with the names of things, and the figures after each. @param items labels by item index */
export function pastAnswers(answers: readonly StoredAnswer[], items: readonly Omit<ItemLabel, 'itemIndex'>[]): PastAnswer[] {
  let count = 0
  let rewards = 0
  let likes = 0
  const named = (itemIndex: number) => {
    const { itemId, title } = items[itemIndex]!
    return { itemIndex, itemId, title: title ?? itemId }
  }
  return answers.map(({ responses, topBefore, topAfter, ...answer }) => {
    for (const { reward } of responses) {
      count += 1
      rewards += reward
      if (reward > 0) likes += 1
    }
    return {
      ...answer,
      items: responses.map((response) => ({ ...response, ...named(response.itemIndex) })),
      topBefore: topBefore.map(named),
      topAfter: topAfter.map(named),
      meanReward: count === 0 ? null : rewards / count,
      precision: count === 0 ? null : likes / count,
    }
  })
}
