import { PalateError } from '../../contract/errors.ts'
import type { DuelsRepository, StoredDuel } from '../../storage/repositories/duels.ts'

/** Whether the names of a duel are withheld now. */
export function isVeiled({ setup, over }: StoredDuel): boolean {
  return setup.blind && !over
}

/** Keeps a duel's sessions from being read while it is blind, and from being played apart from it at any time. */
export interface DuelGuard {
  /** @throws PalateError LIVE_SESSION_NOT_FOUND while the duel that the session plays in is blind */
  readable(sessionId: number): Promise<void>
  /** @throws PalateError LIVE_SESSION_NOT_FOUND as `readable`, INPUT_INVALID for the session of any duel */
  playable(sessionId: number): Promise<void>
}

export function createDuelGuard(duels: DuelsRepository): DuelGuard {
  async function readable(sessionId: number): Promise<StoredDuel | null> {
    const duel = await duels.ofSession(sessionId)
    if (!duel || !isVeiled(duel)) return duel
    throw new PalateError(
      'LIVE_SESSION_NOT_FOUND',
      `Session ${sessionId} plays in blind duel ${duel.id} and would give its names away. End the duel to see it.`,
      { session: String(sessionId) },
    )
  }
  return {
    async readable(sessionId) {
      await readable(sessionId)
    },
    async playable(sessionId) {
      const duel = await readable(sessionId)
      if (!duel) return
      const message = `Session ${sessionId} belongs to duel ${duel.id} and goes on there alone. Branch from it to go on by yourself.`
      throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'sessionId', message }] })
    },
  }
}
