import { shallowRef, watch, type ShallowRef } from 'vue'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'

export interface Loaded<T> {
  /** Stays as it was while it is asked for again. */
  readonly value: ShallowRef<T | undefined>
  readonly error: ShallowRef<PalateError | undefined>
  reload(): Promise<void>
}

/**
 * A figure that a page asks for, and asks for again when `question` changes. Answers that come late, to a question that is no
 * longer asked, are dropped.
 */
export function useLoaded<T>(load: () => Promise<T>, question: () => unknown = () => undefined): Loaded<T> {
  const value = shallowRef<T>()
  const error = shallowRef<PalateError>()
  let asked = 0
  async function reload() {
    const mine = ++asked
    try {
      const answer = await load()
      if (mine !== asked) return
      value.value = answer
      error.value = undefined
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      if (mine === asked) error.value = failure
    }
  }
  watch(question, reload, { immediate: true })
  return { value, error, reload }
}
