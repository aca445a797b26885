import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { isPalateError, type PalateError } from '../../src-main/contract/errors.ts'

export interface Submission {
  readonly busy: Ref<boolean>
  /** Why the last one failed; gone when the next begins. */
  readonly error: ShallowRef<PalateError | undefined>
  /**
   * Runs `task`, unless an earlier one is still under way. What is no PalateError is thrown on.
   *
   * @returns whether it ran and worked
   */
  submit(task: () => Promise<unknown>): Promise<boolean>
}

/** What a form sends off, one at a time: that it is under way, and why it failed, are shown beside the button. */
export function useSubmission(): Submission {
  const busy = ref(false)
  const error = shallowRef<PalateError>()
  async function submit(task: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = undefined
    try {
      await task()
      return true
    } catch (failure) {
      if (!isPalateError(failure)) throw failure
      error.value = failure
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, submit }
}
