import { useToast } from '@nuxt/ui/composables'
import { useRunsStore } from '../stores/runs.ts'
import { formatInt, plural } from './format.ts'
import { useFailure } from './use-failure.ts'

/** Long enough to see what went wrong and to find the button; after that the list of deleted runs has it. */
const offerMs = 20_000

/** Deletes runs and offers to take it back. */
export function useRunRemoval() {
  const runs = useRunsStore()
  const toast = useToast()
  const { attempt } = useFailure()

  async function remove(runIds: number[]): Promise<number> {
    const names = runIds.map((id) => runs.byId(id)?.name ?? `Run ${id}`)
    const { hidden, keptDays } = await runs.hide(runIds)
    const left = runIds.length - hidden.length
    toast.add({
      title: hidden.length === 1 ? `${names[runIds.indexOf(hidden[0]!)]} was deleted` : `${plural(hidden.length, 'run')} deleted`,
      description: `${left > 0 ? `${formatInt(left)} left alone: at work, or not there any more. ` : ''}Kept for ${keptDays} days.`,
      icon: 'i-lucide-trash-2',
      color: 'neutral',
      duration: offerMs,
      actions: [
        {
          label: 'Undo',
          icon: 'i-lucide-undo-2',
          color: 'neutral',
          variant: 'outline',
          onClick: () => void attempt('The runs were not brought back', () => runs.restore(hidden)),
        },
      ],
    })
    return hidden.length
  }
  return { remove }
}
