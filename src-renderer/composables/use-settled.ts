import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** The value of `source` once it has not changed for a while: what is typed is not asked about letter by letter. */
export function useSettled<T>(source: () => T, pauseMs: number): Readonly<ShallowRef<T>> {
  const settled = shallowRef(source())
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => (settled.value = value), pauseMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
