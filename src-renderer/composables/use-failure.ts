import { useToast } from '@nuxt/ui/composables'
import { isPalateError } from '../../src-main/contract/errors.ts'

/** Tells the person about a failed action in a toast; for pages that have no better place for it. */
export function useFailure() {
  const toast = useToast()
  const tell = (title: string, failure: unknown) => {
    const description = isPalateError(failure) ? failure.message : failure instanceof Error ? failure.message : String(failure)
    toast.add({ title, description, color: 'error', icon: 'i-lucide-circle-x', duration: 12_000 })
  }
  /** Runs `action`; a failure is told under `title`. @returns whether it worked */
  const attempt = async (title: string, action: () => Promise<unknown>): Promise<boolean> => {
    try {
      await action()
      return true
    } catch (failure) {
      tell(title, failure)
      return false
    }
  }
  return { tell, attempt }
}
