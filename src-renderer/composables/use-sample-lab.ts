import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { useDatasetsStore } from '../stores/datasets.ts'
import { useFailure } from './use-failure.ts'

/** "Open the sample lab": makes it where it is missing and leads to Train with everything filled in. */
export function useSampleLab() {
  const router = useRouter()
  const datasets = useDatasetsStore()
  const { attempt } = useFailure()
  const busy = ref(false)

  async function open() {
    busy.value = true
    await attempt('The sample lab was not made', async () => {
      const made = await datasets.openSampleLab()
      await router.push({ path: '/train', query: { dataset: String(made.id) } })
    })
    busy.value = false
  }
  return { busy, open }
}
