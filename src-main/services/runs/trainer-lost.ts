import { PalateError } from '../../contract/errors.ts'
import type { TrainerExit } from './trainer-process.ts'

/** The error of a run whose process ended without a word: out of memory, killed, crashed in native code. */
export function lostTrainer(runId: number, exit: TrainerExit): PalateError<'TRAINER_LOST'> {
  const outOfMemory = /heap out of memory|allocation failed/i.test(exit.lastWords) || exit.how === 'signal SIGKILL'
  const why = outOfMemory
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
