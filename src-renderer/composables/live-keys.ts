import type { LivePanel } from './live-panel.ts'
import { ratingOfDigit, type Opinion } from './live-rating.ts'

type Key = (event: KeyboardEvent) => void

/**
 * The keys of the panel. A key that is held down repeats itself; only its first press counts. Enter belongs to a button that has
 * the focus.
 *
 * @param ratings that can be said: a digit rates the only card, and leads to one of several
 */
export function liveKeys(panel: LivePanel, ratings: () => readonly number[]): Record<string, Key> {
  const once =
    (act: () => unknown): Key =>
    (event) => {
      if (!event.repeat) void act()
    }
  const sayNow = (opinion: Opinion) => {
    const item = panel.slate.value[panel.cursor.value]
    if (item) panel.say(item.itemIndex, opinion)
  }
  const say = (opinion: Opinion) => once(() => sayNow(opinion))
  const single = () => panel.slate.value.length === 1
  function onDigit(digit: number) {
    if (!single()) return panel.goTo(digit === 0 ? 9 : digit - 1)
    const rating = ratingOfDigit(digit, ratings())
    if (rating !== undefined) sayNow(rating)
  }
  const letters: Record<string, Key> = {
    l: say('like'),
    d: say('dislike'),
    s: say('skip'),
    u: once(() => panel.undo()),
    x: once(() => panel.send(true)),
  }
  const capitals = Object.fromEntries(Object.entries(letters).map(([key, act]) => [key.toUpperCase(), act]))
  const digits = Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [String(digit), once(() => onDigit(digit))]))
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
