import { computed, onBeforeUnmount, shallowRef, watch, type CSSProperties } from 'vue'
import { makesWay, placeOf, type RowBox } from './drag-order.ts'

interface Drag {
  readonly from: number
  readonly rows: readonly RowBox[]
  /** Where the pointer took it, in pixels from the top of the list. */
  readonly grip: number
  readonly moved: number
  /** Let go; what is done with it is under way. */
  readonly dropped: boolean
}

/**
 * Rows of a list that are dragged by a grip of theirs: the others make way, Escape takes it back, and so does every change of
 * the rows from elsewhere. For pointers alone: whoever uses it offers buttons or keys as well.
 *
 * @param keys of the rows in their order
 * @param list whose children the rows are
 * @param drop brings the row to its place, and resolves when the rows stand as they are from then on
 */
export function useRowDrag(
  keys: () => readonly number[],
  list: () => HTMLElement | null,
  drop: (from: number, to: number) => Promise<unknown>,
) {
  const drag = shallowRef<Drag>()
  const to = computed(() => (drag.value ? placeOf(drag.value.rows, drag.value.from, drag.value.moved) : -1))
  const inList = (event: PointerEvent) => event.clientY - (list()?.getBoundingClientRect().top ?? 0)
  /** Ends the listening to one pointer. */
  let listening = new AbortController()

  function begin(event: PointerEvent, from: number) {
    const box = list()
    if (event.button !== 0 || !event.isPrimary || !box || drag.value) return
    event.preventDefault()
    const grip = event.currentTarget as HTMLElement
    grip.setPointerCapture(event.pointerId)
    const top = box.getBoundingClientRect().top
    const rows = [...box.children].map((child) => {
      const own = child.getBoundingClientRect()
      return { top: own.top - top, height: own.height }
    })
    drag.value = { from, rows, grip: inList(event), moved: 0, dropped: false }
    listening = new AbortController()
    const { signal } = listening
    grip.addEventListener('pointermove', move, { signal })
    grip.addEventListener('pointerup', () => void end(), { signal })
    grip.addEventListener('pointercancel', cancel, { signal })
    window.addEventListener('keydown', onKey, { signal, capture: true })
  }
  function move(event: PointerEvent) {
    const now = drag.value
    if (!now || now.dropped) return
    // Not beyond the list: there is no place there.
    const own = now.rows[now.from]!
    const last = now.rows.at(-1)!
    const moved = Math.min(last.top + last.height - own.height, Math.max(now.rows[0]!.top, own.top + inList(event) - now.grip))
    drag.value = { ...now, moved: moved - own.top }
    list()?.children[now.from]?.scrollIntoView({ block: 'nearest' })
  }
  async function end() {
    listening.abort()
    const now = drag.value
    if (!now) return
    const place = to.value
    if (place === now.from) return cancel()
    const { top, height } = now.rows[place]!
    const rest = place > now.from ? top + height - now.rows[now.from]!.height : top
    drag.value = { ...now, moved: rest - now.rows[now.from]!.top, dropped: true }
    const mine = drag.value
    await drop(now.from, place)
    if (drag.value === mine) cancel()
  }
  function cancel() {
    listening.abort()
    drag.value = undefined
  }
  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  }
  // In time for the same drawing: rows of another order never stand where the old ones made way.
  watch(() => keys().join(), cancel, { flush: 'pre' })
  onBeforeUnmount(cancel)

  function styleOf(at: number): CSSProperties | undefined {
    const now = drag.value
    if (!now) return undefined
    if (at === now.from) return { transform: `translateY(${now.moved}px)`, position: 'relative', zIndex: 1 }
    return { transform: `translateY(${makesWay(now.rows, at, now.from, to.value)}px)`, transition: 'transform 120ms ease' }
  }
  return {
    begin,
    styleOf,
    /** Which row is dragged; -1: none. */
    dragged: computed(() => drag.value?.from ?? -1),
  }
}
