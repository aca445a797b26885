import type { LivePanel } from './live-panel.ts'
import type { Said } from './live-panel.ts'

type Key = (event: KeyboardEvent) => void

/**
 * The keys of the panel. A key that is held down repeats itself; only its first press counts. Enter belongs to a button that has
 * the focus.
 */
export function liveKeys(panel: LivePanel): Record<string, Key> {
  const once =
    (act: () => unknown): Key =>
    (event) => {
      if (!event.repeat) void act()
    }
  const say = (feedback: Said) =>
    once(() => {
      const item = panel.slate.value[panel.cursor.value]
      if (item) panel.say(item.itemIndex, feedback)
    })
  const single = () => panel.slate.value.length === 1
  const letters: Record<string, Key> = {
    l: say('like'),
    d: say('dislike'),
    s: say('skip'),
    u: once(() => panel.undo()),
    x: once(() => panel.send(true)),
  }
  const capitals = Object.fromEntries(Object.entries(letters).map(([key, act]) => [key.toUpperCase(), act]))
  const digits = Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => [String(digit), once(() => panel.goTo(digit === 0 ? 9 : digit - 1))]),
  )
  const walk = (by: 1 | -1): Key => {
    const answer = say(by === 1 ? 'like' : 'dislike')
    return (event) => (single() ? answer(event) : void panel.move(by))
  }
  return {
    ...letters,
    ...capitals,
    ...digits,
    ArrowRight: walk(1),
    ArrowLeft: walk(-1),
    Enter: once(() => panel.send(false)),
    Escape: once(() => panel.closeWhatIf()),
  }
}
