import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import * as z from 'zod'
import { PalateError } from '../../contract/errors.ts'
import { reasonOf } from '../compute/loaded-backend.ts'

/** What a peer's script prints: one JSON object on a line of its own. */
const peerResult = z.object({ peer: z.string(), msPerStep: z.number().positive() })
export type PeerResult = z.infer<typeof peerResult>

export interface PeerOptions {
  readonly k: number
  readonly batch: number
  readonly threads: number
  readonly steps: number
}

/** Debian's own, because its packages belong to it, before any other that is on the path. */
const python = () => (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3')

/** @throws PalateError PATH_NOT_FOUND */
export function requirePeer(script: string): void {
  if (!existsSync(script)) {
    throw new PalateError('PATH_NOT_FOUND', `There is nothing at ${script}. Check the path of the peer's script.`, {
      path: script,
    })
  }
}

/**
 * Runs the reference step of another library: a Python script that takes --k, --batch, --threads and --steps.
 * @throws PalateError PATH_NOT_FOUND, or INPUT_REFUSED when it fails or prints no result
 */
export async function runPeer(script: string, options: PeerOptions): Promise<PeerResult> {
  requirePeer(script)
  const flags = (['k', 'batch', 'threads', 'steps'] as const).flatMap((name) => [`--${name}`, String(options[name])])
  try {
    const { stdout } = await promisify(execFile)(python(), [script, ...flags], { timeout: 600_000 })
    const line = stdout.split('\n').find((one) => one.startsWith('{'))
    return peerResult.parse(JSON.parse(line ?? '{}'))
  } catch (error) {
    const reason = failureOf(error)
    throw new PalateError(
      'INPUT_REFUSED',
      `The peer's script ${script} gave no result: ${reason}. It must print one line of JSON with "peer" and "msPerStep".`,
      { path: script, reason },
    )
  }
}

/** A script that failed says why in its last line on stderr. */
function failureOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'what it printed is no such line'
  const stderr: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'stderr') : undefined
  const last = typeof stderr === 'string' ? stderr.trim().split('\n').at(-1) : undefined
  return last ? reasonOf(new Error(last)) : reasonOf(error)
}
