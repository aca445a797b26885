import { PalateError } from '../../contract/errors.ts'
import type { TrainerExit } from './trainer-process.ts'

/** The error of a run whose process ended without a word: out of memory, killed, crashed in native code. */
export function lostTrainer(runId: number, exit: TrainerExit): PalateError<'TRAINER_LOST'> {
  const outOfMemory = /heap out of memory|allocation failed/i.test(exit.lastWords) || exit.how === 'signal SIGKILL'
  const why = outOfMemory
    ? 'Most likely it ran out of memory, or somebody killed it: close other programs or train fewer runs at once, then resume it'
    : 'Resume it to go on from its last checkpoint; if it happens again, report it with the text below'
  const words = exit.lastWords ? ` Its last words: ${exit.lastWords.split('\n').slice(-5).join(' | ')}` : ''
  return new PalateError('TRAINER_LOST', `The process that trained run ${runId} ended by itself (${exit.how}). ${why}.${words}`, {
    run: String(runId),
    exit: exit.how,
  })
}
