import { ref, shallowRef, watch, type Ref } from 'vue'

const pageSize = 100

export interface PagedRows<T> {
  readonly total: Ref<number>
  /** Whether the first answer is there. */
  readonly loaded: Ref<boolean>
  /** Counts the questions: rows of different versions have nothing to do with each other. */
  readonly version: Ref<number>
  /** undefined while it is on its way */
  rowAt(index: number): T | undefined
  /** Asks for what is missing of the rows from `first` to before `end`. */
  see(first: number, end: number): void
}

/**
 * A long table that is read as far as it is looked at. A new question keeps the old rows until its first rows are there.
 *
 * @param load     rows from an offset on, with the number of all
 * @param question what the rows depend on; a change begins anew
 * @param onError  told of a failed read
 */
export function usePagedRows<T>(
  load: (offset: number, limit: number) => Promise<{ total: number; rows: T[] }>,
  question: () => unknown,
  onError: (failure: unknown) => void,
): PagedRows<T> {
  const total = ref(0)
  const loaded = ref(false)
  const version = ref(0)
  const pages = shallowRef<ReadonlyMap<number, T[]>>(new Map())
  let asking = new Set<number>()
  let asked = 0

  async function ask(page: number) {
    if (asking.has(page)) return
    asking.add(page)
    const mine = asked
    try {
      const answer = await load(page * pageSize, pageSize)
      if (mine !== asked) return
      const first = version.value !== mine
      pages.value = new Map([...(first ? [] : pages.value), [page, answer.rows]])
      total.value = answer.total
      version.value = mine
      loaded.value = true
    } catch (failure) {
      if (mine !== asked) return
      asking.delete(page)
      onError(failure)
    }
  }
  watch(
    question,
    () => {
      asked += 1
      asking = new Set()
      void ask(0)
    },
    { immediate: true },
  )

  return {
    total,
    loaded,
    version,
    rowAt: (index) => pages.value.get(Math.floor(index / pageSize))?.[index % pageSize],
    see(first, end) {
      // While a question waits for its first rows, what is in sight belongs to the one before.
      if (version.value !== asked) return
      for (let page = Math.floor(first / pageSize); page * pageSize < Math.min(end, total.value); page++) void ask(page)
    },
  }
}
