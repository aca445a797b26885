import { PalateError } from '../../contract/errors.ts'
import { backends, isComputeBackend } from '../compute/backends.ts'
import { backendLost } from '../compute/loaded-backend.ts'
import type { TrainerExit } from './trainer-process.ts'

/** How a process ends by a fault in machine code; the last one is Windows' access violation. */
const faults = ['signal SIGSEGV', 'signal SIGBUS', 'signal SIGILL', 'signal SIGFPE', 'signal SIGABRT', 'exit code 3221225477']

/**
 * The error of a run whose process ended without a word while `executor` computed. A fault where a driver or an addon is at work is that
 * backend's, and another one may go on; anything else is the process's own end.
 * @param executor null while none was open
 */
export function lostWhileComputing(
  runId: number,
  exit: TrainerExit,
  executor: string | null,
): PalateError<'BACKEND_LOST' | 'TRAINER_LOST'> {
  const isFault = faults.includes(exit.how) && !ranOutOfMemory(exit)
  if (executor !== null && isFault && isComputeBackend(executor) && backends[executor].canCrash) {
    return backendLost(executor, new Error(`its process ended by itself (${exit.how})`))
  }
  return lostTrainer(runId, exit)
}

/** The error of a run whose process ended without a word: out of memory, killed, crashed in native code. */
export function lostTrainer(runId: number, exit: TrainerExit): PalateError<'TRAINER_LOST'> {
  const why = ranOutOfMemory(exit)
    ? 'Most likely it ran out of memory, or somebody killed it: close other programs or train fewer runs at once, then resume it.'
    : 'Resume it to go on from its last checkpoint; if it happens again, report it with the text below.'
  return lostProcess(`that trained run ${runId}`, why, String(runId), exit)
}

/** The same of any other work. @param which the process was, after "The process" @param advice a sentence, what to do now */
export function lostProcess(which: string, advice: string, run: string, exit: TrainerExit): PalateError<'TRAINER_LOST'> {
  const words = exit.lastWords ? ` Its last words: ${exit.lastWords.split('\n').slice(-5).join(' | ')}` : ''
  return new PalateError('TRAINER_LOST', `The process ${which} ended by itself (${exit.how}). ${advice}${words}`, {
    run,
    exit: exit.how,
  })
}

function ranOutOfMemory({ how, lastWords }: TrainerExit): boolean {
  return /heap out of memory|allocation failed/i.test(lastWords) || how === 'signal SIGKILL'
}
