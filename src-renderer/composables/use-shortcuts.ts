import { onBeforeUnmount, onMounted } from 'vue'

/**
 * Calls `actions` for keys: "mod+k" (Ctrl, or Cmd on a Mac), "?" or a sequence of two plain keys, "g d".
 *
 * Plain keys are left alone while somebody types or a dialog is open. Enter is the focused button's or link's own, unless it was
 * clicked: whoever liked something with the mouse sends it with Enter.
 */
export function useShortcuts(actions: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  let first = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let clicked: Element | null = null

  const onPointer = (event: PointerEvent) => (clicked = controlAt(event.target))
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) return run(`mod+${event.key.toLowerCase()}`, event)
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]'))
      return
    const control = controlAt(event.target)
    if (event.key === 'Enter' && control && control !== clicked) return
    const pair = `${first} ${event.key}`
    clearTimeout(timer)
    const sequence = first !== '' && pair in actions
    first = sequence ? '' : event.key
    timer = setTimeout(() => (first = ''), 1000)
    // What follows a "g" belongs to the window's sequences: "g s" is no "s" for a page.
    if (sequence || !pair.startsWith('g ')) run(sequence ? pair : event.key, event)
  }
  const run = (keys: string, event: KeyboardEvent) => {
    const action = actions[keys]
    if (!action) return
    event.preventDefault()
    action(event)
  }
  onMounted(() => {
    window.addEventListener('keydown', onKey)
    window.addEventListener('pointerdown', onPointer, true)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', onKey)
    window.removeEventListener('pointerdown', onPointer, true)
    clearTimeout(timer)
  })
}

function controlAt(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('button, a[href]') : null
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}
