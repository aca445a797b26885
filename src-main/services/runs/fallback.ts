import type { ErrorRecord } from '../../contract/errors.ts'
import { backends, isComputeBackend, type ComputeBackend } from '../compute/backends.ts'
import type { ComputeService } from '../compute/compute-service.ts'

export interface Fallback {
  readonly from: string
  readonly to: ComputeBackend
  readonly reason: string
}

/**
 * What goes on in the place of a backend that broke.
 *
 * @returns null for any other error, where the settings do not allow it, and after the last resort
 */
export async function fallbackFor(
  error: ErrorRecord | null,
  compute: Pick<ComputeService, 'allowsFallback'>,
): Promise<Fallback | null> {
  if (error?.code !== 'BACKEND_LOST') return null
  const from = String(error.details['backend'])
  const to = isComputeBackend(from) ? backends[from].fallback : null
  if (to === null || !(await compute.allowsFallback())) return null
  return { from, to, reason: String(error.details['reason']) }
}

/** Every executor rounds differently: a record that does not say that there were two could not be repeated. */
export function fallbackNote({ from, to, reason }: Fallback): string {
  return `The backend "${from}" broke (${reason}). The settings allow a fallback: the run goes on from its last checkpoint with "${to}". ${otherDigits}`
}

export function mixedNote(before: string, after: string): string {
  return `Computed with "${after}" from here on, as asked for; until now it was "${before}". ${otherDigits}`
}

const otherDigits = 'Another executor rounds differently: the same seed on one alone gives other last digits.'
