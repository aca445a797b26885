import { PalateError } from '../../contract/errors.ts'
import type { StoredLiveSession } from '../../storage/repositories/live-sessions.ts'
import type { Workspace } from '../workspace.ts'

/** @throws PalateError LIVE_SESSION_NOT_FOUND */
export async function storedSession({ repositories }: Workspace, sessionId: number): Promise<StoredLiveSession> {
  const stored = await repositories.liveSessions.get(sessionId)
  if (stored) return stored
  throw new PalateError(
    'LIVE_SESSION_NOT_FOUND',
    `There is no live session ${sessionId} in this workspace. It may have been deleted in another window; look at the list of sessions.`,
    { session: String(sessionId) },
  )
}
