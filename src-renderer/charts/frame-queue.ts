/** Milliseconds of a frame that drawing may take; the rest of its sixteen is for whoever uses the page. */
const budgetMs = 6

export interface FrameQueue {
  /** Calls `draw` in one of the next frames; asked again before its turn, the later one is called, once. */
  inTurn(who: object, draw: () => void): void
  forget(who: object): void
}

/**
 * Draws one after the other, as many in a frame as its budget allows and one at least: charts that change together are no
 * reason to hold the page up.
 *
 * @param requestFrame calls back before the next picture of the page
 * @param now          milliseconds of a clock that only goes forward
 */
export function createFrameQueue(requestFrame: (callback: () => void) => void, now: () => number): FrameQueue {
  const waiting = new Map<object, () => void>()
  let asked = false
  const ask = () => {
    if (asked || waiting.size === 0) return
    asked = true
    requestFrame(turn)
  }
  function turn() {
    asked = false
    const from = now()
    for (const [who, draw] of waiting) {
      waiting.delete(who)
      draw()
      if (now() - from >= budgetMs) break
    }
    ask()
  }
  return {
    inTurn(who, draw) {
      waiting.set(who, draw)
      ask()
    },
    forget: (who) => void waiting.delete(who),
  }
}

/** Of all charts of the page. */
export const frames = createFrameQueue(
  (callback) => void requestAnimationFrame(callback),
  () => performance.now(),
)
