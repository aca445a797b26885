import { createRequire } from 'node:module'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import type { Executor } from '../../engine/compute/types.ts'

export interface LoadedBackend {
  readonly executor: Executor
  /** Versions of what computes, by package or library: stored with each run. */
  readonly versions: Readonly<Record<string, string>>
  /** Frees the device. No program of the executor may run afterwards. */
  close(): Promise<void>
}

/** @param reason without a full stop. @param advice whole sentences */
export function backendUnavailable(
  backend: string,
  reason: string,
  advice: string,
  cause?: unknown,
): PalateError<'BACKEND_UNAVAILABLE'> {
  return new PalateError(
    'BACKEND_UNAVAILABLE',
    `The compute backend "${backend}" cannot be used: ${reason}. ${advice}`,
    { backend, reason },
    cause === undefined ? undefined : { cause },
  )
}

/** What broke after it was opened. @param error what it said */
export function backendLost(backend: string, error: unknown): PalateError<'BACKEND_LOST'> {
  const reason = reasonOf(error)
  return new PalateError(
    'BACKEND_LOST',
    `The compute backend "${backend}" broke while it computed: ${reason}. Resume the run to go on from its last checkpoint; another backend can be chosen for the rest, and the settings can allow the CPU as a fallback.`,
    { backend, reason },
    { cause: error },
  )
}

/** What is the matter, on one line and without a full stop, as `backendUnavailable` wants it. */
export function reasonOf(error: unknown): string {
  if (isPalateError(error) && 'reason' in error.details) return error.details.reason
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n')[0]!.trim().replace(/\.$/, '')
}

/** @returns the version of an installed package, or null */
export function packageVersion(name: string): string | null {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`)
    const version: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : null
    return typeof version === 'string' ? version : null
  } catch {
    return null
  }
}
