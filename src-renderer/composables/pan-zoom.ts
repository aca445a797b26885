import { computed, reactive, type ComputedRef } from 'vue'

interface Size {
  readonly width: number
  readonly height: number
}

export interface PanZoom {
  readonly view: { scale: number; x: number; y: number }
  readonly transform: ComputedRef<string>
  /** Whether somebody has moved it since it was last fitted. */
  readonly moved: ComputedRef<boolean>
  /** The whole drawing, in the middle, never enlarged. */
  fit(): void
  /** @param at what stays where it is, in pixels of the frame; its middle by default */
  zoom(factor: number, at?: { readonly x: number; readonly y: number }): void
  pan(dx: number, dy: number): void
  /** Brings a point of the drawing into the middle. */
  centre(x: number, y: number): void
}

const limits = { least: 0.2, most: 4 }
const margin = 24

/** Where a drawing of `content`'s size stands in a frame of `frame`'s size; both are read when they are needed. */
export function panZoom(frame: () => Size, content: () => Size): PanZoom {
  const view = reactive({ scale: 1, x: 0, y: 0 })
  const state = reactive({ moved: false })
  const limited = (scale: number) => Math.min(limits.most, Math.max(limits.least, scale))

  function fit() {
    const { width, height } = frame()
    const of = content()
    const room = Math.min((width - 2 * margin) / Math.max(1, of.width), (height - 2 * margin) / Math.max(1, of.height))
    view.scale = limited(Math.min(1, room))
    centre(of.width / 2, of.height / 2)
    state.moved = false
  }
  function centre(x: number, y: number) {
    view.x = frame().width / 2 - x * view.scale
    view.y = frame().height / 2 - y * view.scale
    state.moved = true
  }
  return {
    view,
    transform: computed(() => `translate(${view.x} ${view.y}) scale(${view.scale})`),
    moved: computed(() => state.moved),
    fit,
    centre,
    zoom(factor, at = { x: frame().width / 2, y: frame().height / 2 }) {
      const scale = limited(view.scale * factor)
      view.x = at.x - ((at.x - view.x) * scale) / view.scale
      view.y = at.y - ((at.y - view.y) * scale) / view.scale
      view.scale = scale
      state.moved = true
    },
    pan(dx, dy) {
      view.x += dx
      view.y += dy
      state.moved = true
    },
  }
}
