import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A value that lives in the address, so that a link and the back button bring it back; the fallback leaves no trace there. */
export function useQuery(name: string, fallback = ''): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : fallback
    },
    set: (value) => {
      const { [name]: _, ...rest } = route.query
      void router.replace({ query: value === fallback ? rest : { ...rest, [name]: value } })
    },
  })
}
