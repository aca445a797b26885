import { computed, nextTick, onBeforeUnmount, onMounted, ref, useTemplateRef } from 'vue'
import { visibleRows } from './visible-rows.ts'

export interface VirtualRowsOptions {
  /** Name of the template reference of the box that scrolls; its rows carry `data-row`, their index. */
  readonly box: string
  readonly rowHeight: number
  readonly headHeight: number
  /** Rows that Page Up and Page Down go. */
  readonly page: number
  readonly count: () => number
}

/** Rows of equal height in a box that scrolls, of which only those in sight exist, and a cursor that walks them by keys. */
export function useVirtualRows({ box: name, rowHeight, headHeight, page, count }: VirtualRowsOptions) {
  const box = useTemplateRef<HTMLDivElement>(name)
  const scrollTop = ref(0)
  const boxHeight = ref(600)
  const cursor = ref(0)
  const sizes = new ResizeObserver(() => (boxHeight.value = box.value?.clientHeight ?? 600))
  onMounted(() => sizes.observe(box.value!))
  onBeforeUnmount(() => sizes.disconnect())

  const range = computed(() => visibleRows({ scrollTop: scrollTop.value, boxHeight: boxHeight.value, rowHeight, count: count() }))
  const inRange = (index: number) => Math.max(0, Math.min(count() - 1, index))

  /** Moves the cursor, brings its row into sight and gives it the focus. */
  async function move(to: number): Promise<void> {
    const view = box.value
    if (!view) return
    cursor.value = inRange(to)
    const top = cursor.value * rowHeight
    if (top < view.scrollTop) view.scrollTop = top
    else if (top + rowHeight + headHeight > view.scrollTop + view.clientHeight)
      view.scrollTop = top + rowHeight + headHeight - view.clientHeight
    scrollTop.value = view.scrollTop
    await nextTick()
    view.querySelector<HTMLElement>(`[data-row="${cursor.value}"]`)?.focus({ preventScroll: true })
  }

  /** @returns whether the key was one that moves the cursor */
  function onMoveKey(key: string): boolean {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count(),
      End: count(),
    }
    const step = steps[key]
    if (step === undefined) return false
    void move(cursor.value + step)
    return true
  }

  function toTop(): void {
    cursor.value = scrollTop.value = 0
    if (box.value) box.value.scrollTop = 0
  }

  /** For fewer rows than before: the cursor stays on one. */
  function keepCursorInRange(): void {
    cursor.value = inRange(cursor.value)
  }

  const onScroll = (event: Event) => (scrollTop.value = (event.target as HTMLElement).scrollTop)
  return { range, cursor, onMoveKey, onScroll, toTop, keepCursorInRange }
}
