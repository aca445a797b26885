import type { RunEvent, RunSummary } from '../../contract/dto/run.ts'
import type { Handlers } from '../handlers.ts'
import { RunEventBus } from '../runs/run-events.ts'

/** As actor-critic models tell them, those that the page draws. */
export const LIVE_CURVES = [
  'actorGradientNorm',
  'actorLoss',
  'criticLoss',
  'epsilon',
  'meanQ',
  'reward',
  'tdError',
  'validationNdcg',
]
/** As often as a trainer tells what it has measured. */
const TELLS_EVERY_MS = 250
/** Updates between two points of a generated curve. */
const STEP = 10

export interface LivePoints {
  /** Told over the contract instead of the workspace's own: its finished runs train on. */
  readonly handlers: Handlers
  /** Points that were told so far. */
  told(): number
  begin(): void
  end(): void
}

/**
 * Finished runs of a workspace as if they trained: their curves grow by points that nobody computed, told as a trainer's are, and
 * stored nowhere. What a page costs is measured so, and not what training costs beside it.
 *
 * @param lastUpdate where the stored curves end
 * @param perSecond  points of all runs together
 */
export function livePoints(of: Handlers, lastUpdate: number, perSecond: number): LivePoints {
  const bus = new RunEventBus()
  const training = (run: RunSummary, updatesDone = lastUpdate): RunSummary => ({
    ...run,
    state: 'running',
    stage: 'training',
    endedAt: null,
    updatesDone,
    updatesTotal: lastUpdate * 2,
    updatesPerSecond: 100,
  })
  let count = 0
  let at = lastUpdate
  let timers: ReturnType<typeof setInterval>[] = []
  let begun = false

  function tell(run: RunSummary, points: number) {
    const news: Extract<RunEvent, { kind: 'points' }>['points'] = []
    for (let step = 1; step <= points; step++) {
      const update = at + step * STEP
      for (const [curve, name] of LIVE_CURVES.entries())
        news.push({
          name,
          update,
          value: 0.3 + (((update * 7919 + run.id * 31 + curve) % 10_007) / 10_007) * 0.1,
          elapsedMs: update * 16,
        })
    }
    count += news.length
    bus.publish({ kind: 'points', runId: run.id, points: news })
    bus.publish({ kind: 'run', run: training(run, at + points * STEP) })
  }
  async function begin() {
    const runs = await of.runs.list(undefined, {})
    const points = Math.max(1, Math.round((perSecond * TELLS_EVERY_MS) / 1000 / runs.length / LIVE_CURVES.length))
    // Not all at once: trainers know nothing of one another.
    const all = runs.map((run, place) => ({ run, place }))
    let turn = 0
    timers.push(
      setInterval(() => {
        for (const { run, place } of all) if (place % 5 === turn % 5) tell(run, points)
        turn++
        if (turn % 5 === 0) at += points * STEP
      }, TELLS_EVERY_MS / 5),
    )
  }
  return {
    handlers: {
      ...of,
      runs: {
        ...of.runs,
        list: async (input, context) => (await of.runs.list(input, context)).map((run) => training(run)),
        watch: ({ runId, together }, { signal }) => bus.subscribe(runId, signal, together),
      },
    },
    told: () => count,
    begin() {
      if (begun) return
      begun = true
      void begin()
    },
    end() {
      for (const timer of timers) clearInterval(timer)
      timers = []
      begun = false
    },
  }
}
