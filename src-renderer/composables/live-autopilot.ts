import { ref } from 'vue'

/** What is asked for: so many answers, so many a second (0: as fast as it goes). */
export interface AutopilotWish {
  readonly answers: number
  readonly perSecond: number
}

/**
 * A simulated user answers in a person's place until it is stopped, nothing is left, or the user goes.
 *
 * @param follow shows what comes; it never throws what the engine refused
 */
export function createAutopilot<View>(
  follow: (views: AsyncIterable<View>) => Promise<void>,
  ask: (wish: AutopilotWish, signal: AbortSignal) => Promise<AsyncIterable<View>>,
) {
  const flying = ref(false)
  /** The last one ended by itself before it had given all its answers. */
  const ended = ref(false)
  let stopper: AbortController | undefined

  async function* views(wish: AutopilotWish, signal: AbortSignal): AsyncGenerator<View> {
    let given = 0
    try {
      for await (const view of await ask(wish, signal)) {
        given += 1
        yield view
      }
      ended.value = given < wish.answers && !signal.aborted
    } catch (failure) {
      if (!signal.aborted) throw failure
    }
  }

  return {
    flying,
    ended,
    async fly(wish: AutopilotWish) {
      if (flying.value) return
      stopper = new AbortController()
      flying.value = true
      ended.value = false
      try {
        await follow(views(wish, stopper.signal))
      } finally {
        flying.value = false
      }
    },
    stop: () => stopper?.abort(),
  }
}
