import { computed, ref, shallowRef, watch } from 'vue'
import type { Picked } from './live-form.ts'

/** While somebody types, a search waits so long for the next letter. */
const PAUSE_MS = 120

/**
 * A search field and what it found. Nothing is picked out of the answer to another text: Enter right behind the last letter waits
 * for what that text finds.
 *
 * @param failed is told why a search brought nothing
 */
export function createSearchPicker(
  search: (text: string) => Promise<readonly Picked[]>,
  pick: (found: Picked) => void,
  failed: (failure: unknown) => void,
) {
  const text = ref('')
  const open = ref(false)
  /** The marked one, from 0. */
  const at = ref(0)
  const found = shallowRef<readonly Picked[]>([])
  /** The text that `found` answers. */
  const searched = ref<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  /** @returns whether what was found is there, and nothing else was asked for meanwhile */
  async function look(): Promise<boolean> {
    const mine = ++asked
    const wanted = text.value
    try {
      const answer = await search(wanted.trim())
      if (mine !== asked) return false
      found.value = answer
      searched.value = wanted
      at.value = 0
      return true
    } catch (failure) {
      if (mine === asked) failed(failure)
      return false
    }
  }
  watch(text, () => {
    open.value = true
    clearTimeout(timer)
    timer = setTimeout(() => void look(), PAUSE_MS)
  })
  function take(one: Picked | undefined) {
    if (!one) return
    pick(one)
    text.value = ''
    void look()
  }
  async function enter() {
    clearTimeout(timer)
    if (searched.value === text.value || (await look())) take(found.value[at.value])
  }

  return {
    text,
    open,
    at,
    found,
    searched,
    marked: computed(() => (open.value ? found.value[at.value] : undefined)),
    take,
    enter,
    show() {
      open.value = true
      void look()
    },
    move: (by: 1 | -1) => (at.value = (at.value + by + found.value.length) % Math.max(1, found.value.length)),
    stop: () => clearTimeout(timer),
  }
}
