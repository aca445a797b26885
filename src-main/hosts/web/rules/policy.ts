import type { Credential } from './credential.ts'

/**
 * Who may use a route. There is no public one.
 *
 * - `start`: a session, or a one-time token in the query that opens one
 * - `session`: a session or the token
 * - `session-same-origin`: besides, the request must come from our own page (or bring the token): for everything that
 *   changes something, and for the WebSocket
 */
export type Policy = 'start' | 'session' | 'session-same-origin'

export type Verdict = { allowed: true } | { allowed: false; status: 401 | 403; reason: string }

/** @param ownOrigin whether the request comes from our own page, or without Origin from the holder of the token */
export function judge(policy: Policy, credential: Credential, ownOrigin: boolean): Verdict {
  if (credential === 'none') return { allowed: false, status: 401, reason: 'no valid session or token' }
  if (policy === 'session-same-origin' && !ownOrigin) return { allowed: false, status: 403, reason: 'another origin' }
  return { allowed: true }
}
