import { ref, watch, type Ref } from 'vue'

/**
 * A value that this window remembers; the fallback where nothing is stored, what is stored does not fit, or nothing can be.
 *
 * @param fits whether a stored value can be used
 */
export function useStored<T>(key: string, fallback: T, fits: (value: unknown) => value is T): Ref<T> {
  const value = ref(read(key, fallback, fits)) as Ref<T>
  watch(value, (next) => {
    try {
      localStorage.setItem(`palate.${key}`, JSON.stringify(next))
    } catch {
      // Without storage it holds until the window closes.
    }
  })
  return value
}

function read<T>(key: string, fallback: T, fits: (value: unknown) => value is T): T {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(`palate.${key}`) ?? 'null')
    return fits(stored) ? stored : fallback
  } catch {
    return fallback
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
export const isBetween =
  (low: number, high: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && value >= low && value <= high
