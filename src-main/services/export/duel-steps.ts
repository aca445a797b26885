import type { DuelStep } from '../../contract/dto/duel.ts'
import { csvChunks } from './csv.ts'

const HEAD = ['time', 'step', 'side', 'place', 'item id', 'title', 'credited to', 'feedback', 'rating', 'preference', 'winner']

/**
 * Every shown item of every step of a duel as CSV text, in chunks. `place` counts from 1 on each slate; "credited to" and "winner" are
 * the first or the second policy, and empty while a blind duel goes on.
 *
 * @throws PalateError DUEL_NOT_FOUND before the first chunk
 */
export async function* exportDuelSteps(
  steps: () => Promise<readonly DuelStep[]>,
  formulaGuard: () => Promise<boolean>,
): AsyncGenerator<string, void, void> {
  const rows = (await steps()).flatMap(({ step, at, preference, winner, shown }) =>
    shown.map(({ side, itemId, title, by, feedback, rating }, place) => {
      const before = shown.slice(0, place).filter((other) => other.side === side).length
      return [new Date(at).toISOString(), step, side, before + 1, itemId, title, by, feedback, rating, preference, winner]
    }),
  )
  yield* csvChunks(HEAD, rows, { formulaGuard: await formulaGuard() })
}
