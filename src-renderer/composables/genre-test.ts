import { ref, shallowRef } from 'vue'
import type { GenreQuestion, GenreTestInput, GenreTestReport, GenreTestStep } from '../../src-main/contract/dto/genre-test.ts'
import { genreTestColumns, genreTestRecords } from '../../src-main/contract/dto/genre-test.ts'
import type { GenreMean } from '../../src-main/contract/dto/dataset-figures.ts'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'
import { whole } from './live-form.ts'
import { csvText } from './table-text.ts'

/** A run that is asked. */
export interface AskedRun {
  readonly id: number
  readonly name: string
  readonly modelId: string
}

/** A run and what the test found of it. */
export interface TestedRun extends AskedRun {
  readonly report: GenreTestReport
}

/** Few enough that the first answer comes soon. */
const usual = 4

/** The genres that most items have: those that a person will want to ask about first. */
export function usualGenres(genres: readonly GenreMean[]): string[] {
  const named = genres.filter(({ genre }) => genre !== '')
  return named
    .toSorted((a, b) => b.items - a.items)
    .slice(0, usual)
    .map(({ genre }) => genre)
}

/** The settings of a question as they stand; numbers are text while they are typed. */
export interface GenreForm {
  count: string
  answers: string
  updates: string
  slate: string
  seed: string
  others: 'skip' | 'dislike'
}

/** What is asked where nothing is changed: the same as on the command line. */
export const newGenreForm = (question: GenreQuestion): GenreForm => ({
  count: '30',
  answers: question === 'dislikes' ? '10' : '20',
  updates: '10',
  slate: '1',
  seed: '1',
  others: 'skip',
})

/** Messages by field; empty when the question can be asked. */
export function genreFormProblems(form: GenreForm, question: GenreQuestion): Record<string, string> {
  const found: Record<string, string> = {}
  if (!whole(form.count, 2, 500)) found['count'] = 'A whole number from 2 to 500.'
  if (!whole(form.answers, 1, 100)) found['answers'] = 'A whole number from 1 to 100.'
  if (!whole(form.updates, 0, 100)) found['updates'] = 'A whole number from 0 to 100.'
  if (question === 'favourites' && !whole(form.slate, 1, 20)) found['slate'] = 'A whole number from 1 to 20.'
  if (!whole(form.seed, 0, 2 ** 31 - 1)) found['seed'] = 'A whole number from 0 to 2,147,483,647.'
  return found
}

/** What `live.genreTest` is given. Call it only when there are no problems. */
export function genreWishOf(form: GenreForm, question: GenreQuestion, genres: readonly string[]): GenreTestInput {
  return {
    question,
    genres: [...genres],
    viewers: question === 'favourites' ? 'guests' : 'users',
    count: Number(form.count),
    answers: Number(form.answers),
    updatesPerAnswer: Number(form.updates),
    seed: Number(form.seed),
    ...(question === 'favourites' ? { slate: Number(form.slate), others: form.others } : {}),
  }
}

/** One run after the other, the same viewers before each. What a run has told stays when a later one is stopped or fails. */
export function createGenreTest(
  ask: (runId: number, wish: GenreTestInput, signal: AbortSignal) => Promise<AsyncIterable<GenreTestStep>>,
) {
  const tested = shallowRef<readonly TestedRun[]>([])
  /** Of all the work; undefined while nothing is asked. */
  const share = ref<number>()
  const error = shallowRef<PalateError>()
  const stopped = ref(false)
  let stopper = new AbortController()

  async function askAll(runs: readonly AskedRun[], wish: GenreTestInput, signal: AbortSignal) {
    for (const [at, run] of runs.entries()) {
      for await (const step of await ask(run.id, wish, signal)) {
        if (step.kind === 'progress') share.value = (at + step.share) / runs.length
        else tested.value = [...tested.value, { ...run, report: step.report }]
      }
      if (signal.aborted) return
    }
  }

  return {
    tested,
    share,
    error,
    stopped,
    async start(runs: readonly AskedRun[], wish: GenreTestInput) {
      if (share.value !== undefined) return
      stopper = new AbortController()
      const { signal } = stopper
      tested.value = []
      error.value = undefined
      stopped.value = false
      share.value = 0
      try {
        await askAll(runs, wish, signal)
      } catch (failure) {
        if (!signal.aborted) {
          if (!isPalateError(failure)) throw failure
          error.value = failure
        }
      } finally {
        stopped.value = signal.aborted
        share.value = undefined
      }
    },
    stop: () => stopper.abort(),
  }
}

/** As the command line writes it. */
export function genreCsv(tested: readonly TestedRun[], formulaGuard: boolean): string {
  const rows = tested.flatMap(({ name, modelId, report }) => genreTestRecords(name, modelId, report))
  return csvText(genreTestColumns, rows, formulaGuard)
}
