import { onBeforeUnmount, ref, type Ref } from 'vue'

/** The wall clock as a ref, for "4 min ago" and running durations. */
export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
