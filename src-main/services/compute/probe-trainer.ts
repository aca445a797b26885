import { fromErrorRecord } from '../../contract/errors.ts'
import { TrainerProcess, type TrainerLaunch } from '../runs/trainer-process.ts'
import type { ComputeRequest, OpenedCompute, StepSizes } from './compute-request.ts'

/** What a trainer process found when it opened a backend. */
export type ProbeFinding =
  /** `problems`: what it computes wrongly; empty also where no self-test was asked for. */
  | {
      readonly kind: 'usable'
      readonly compute: OpenedCompute
      readonly problems: readonly string[]
      /** Only where it was asked for. */
      readonly flopsPerSecond?: number
    }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly advice: string }
  /** Opening it or computing with it failed, ended the process, or never ended. */
  | { readonly kind: 'broken'; readonly reason: string }

/** Loading TensorFlow takes seconds; compiling shaders for the first time as well. */
const probeLimitMs = 60_000

/**
 * Opens a backend in a process like those that train, so that what is found holds for them, and so that a crash of it is a
 * finding and nothing worse. Never rejects.
 */
export async function probeInTrainer(
  launch: TrainerLaunch,
  compute: ComputeRequest,
  options: {
    readonly selfTest: boolean
    readonly measure?: StepSizes
    readonly signal?: AbortSignal
    readonly limitMs?: number
  },
): Promise<ProbeFinding> {
  const limitMs = options.limitMs ?? probeLimitMs
  const trainer = new TrainerProcess(launch)
  let tooLong = false
  const kill = () => trainer.kill()
  const timer = setTimeout(() => {
    tooLong = true
    kill()
  }, limitMs)
  options.signal?.addEventListener('abort', kill, { once: true })
  if (options.signal?.aborted) kill()
  try {
    const { selfTest, measure } = options
    trainer.send({ kind: 'probe', compute, selfTest, measure })
    const finding = await listen(trainer, selfTest || measure !== undefined)
    if (finding) {
      await trainer.goodbye()
      return finding
    }
    const { how, lastWords } = await trainer.exit
    if (tooLong) return { kind: 'broken', reason: `it did not answer within ${limitMs / 1000} s` }
    const words = lastWords ? `: ${lastWords.split('\n').slice(-3).join(' | ')}` : ''
    return { kind: 'broken', reason: `its process ended by itself (${how})${words}` }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', kill)
  }
}

/** @returns null when the process ended before it had said all */
async function listen(trainer: TrainerProcess, more: boolean): Promise<ProbeFinding | null> {
  let compute: OpenedCompute | null = null
  for await (const message of trainer.messages()) {
    if (message.kind === 'opened') {
      compute = message.compute
      if (!more) return { kind: 'usable', compute, problems: [] }
    } else if (message.kind === 'tested' && compute) return { kind: 'usable', compute, problems: message.problems }
    else if (message.kind === 'measured' && compute)
      return { kind: 'usable', compute, problems: [], flopsPerSecond: message.flopsPerSecond }
    else if (message.kind === 'failed') {
      const error = fromErrorRecord(message.error)
      const reason = 'reason' in error.details ? String(error.details.reason) : error.message
      if (error.code !== 'BACKEND_UNAVAILABLE') return { kind: 'broken', reason }
      // The message says what, why and what to do: the reason ends where the advice begins.
      return { kind: 'unavailable', reason, advice: error.message.slice(error.message.lastIndexOf(reason) + reason.length + 2) }
    }
  }
  return null
}
