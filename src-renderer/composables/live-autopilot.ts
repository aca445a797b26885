import { ref } from 'vue'
import type { LiveView } from '../../src-main/contract/dto/live.ts'
import type { LivePanel } from './live-panel.ts'

/** What is asked for: so many answers, so many a second (0: as fast as it goes). */
export interface AutopilotWish {
  readonly answers: number
  readonly perSecond: number
}

/** A simulated user answers in the panel's place until it is stopped, nothing is left, or the user goes. */
export function createAutopilot(
  panel: LivePanel,
  ask: (wish: AutopilotWish, signal: AbortSignal) => Promise<AsyncIterable<LiveView>>,
) {
  const flying = ref(false)
  let stopper: AbortController | undefined

  async function* views(wish: AutopilotWish, signal: AbortSignal): AsyncGenerator<LiveView> {
    try {
      yield* await ask(wish, signal)
    } catch (failure) {
      if (!signal.aborted) throw failure
    }
  }

  return {
    flying,
    async fly(wish: AutopilotWish) {
      if (flying.value) return
      stopper = new AbortController()
      flying.value = true
      try {
        await panel.follow(views(wish, stopper.signal))
      } finally {
        flying.value = false
      }
    },
    stop: () => stopper?.abort(),
  }
}
