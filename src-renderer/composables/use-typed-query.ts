import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { useQuery } from './use-query.ts'

const pauseMs = 200

/** The text of a search field, and the query in the address that follows it once the typing pauses. */
export function useTypedQuery(name: string): { typed: Ref<string>; search: Ref<string> } {
  const search = useQuery(name)
  const typed = ref(search.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (text) => {
    clearTimeout(timer)
    timer = setTimeout(() => (search.value = text), pauseMs)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return { typed, search }
}
