import { estimateFigures, testPairs, type Estimate, type PairResult } from './compare.ts'
import type { Measured } from './measured.ts'

/** Of a point of a curve: there are many, and they are looked at, not tested. */
const CURVE_SAMPLES = 1000

/** Rewards of one player: [users, steps], NaN from where an episode has ended. */
export interface PlayedRewards {
  readonly rewards: Float32Array
  readonly isRun: boolean
  readonly isFloor: boolean
}

type CurvePoint = Pick<Estimate, 'mean' | 'low' | 'high'>

export interface PlayerFigures {
  readonly episode: CurvePoint
  readonly steps: number
  readonly likes: number
  readonly endedEarly: number
  readonly perStep: CurvePoint[]
  readonly soFar: CurvePoint[]
}

/**
 * What players earned among the same users, with 95 % bootstrap intervals over users, and paired tests of the sum of an episode: runs with
 * each other and with the floors, corrected together after Holm. Whoever has gone earns nothing any more. Consumes as `compareMeasured`.
 *
 * @param shape `steps`: at least 1; `likedFrom`: the smallest reward of a liked item
 */
export function* batchFigures(
  players: readonly PlayedRewards[],
  shape: { readonly users: number; readonly steps: number; readonly likedFrom: number },
  seed: number,
): Generator<void, { players: PlayerFigures[]; pairs: PairResult[] }> {
  const { users, steps, likedFrom } = shape
  const sums = players.map(({ rewards }) => sumsOf(rewards, users, steps))
  const episodes = sums.map((one) => columnOf(one, users, steps, steps - 1))
  const chosen = players.flatMap((a, at) =>
    players.flatMap((b, other) => (a.isRun && other > at && (b.isRun || b.isFloor) ? [{ a: at, b: other }] : [])),
  )
  const tested = yield* testPairs(
    chosen.map(({ a, b }) => ({ a: episodes[a]!, b: episodes[b]! })),
    seed,
  )
  const perStep: CurvePoint[][] = players.map(() => [])
  const soFar: CurvePoint[][] = players.map(() => [])
  for (let step = 0; step < steps; step++) {
    const tables = [
      ...players.map(({ rewards }) => columnOf(rewards, users, steps, step)),
      ...sums.map((one) => columnOf(one, users, steps, step)),
    ]
    const points = yield* estimateFigures(
      tables.map((table) => [table]),
      ([mean]) => mean!,
      seed,
      CURVE_SAMPLES,
    )
    points.forEach(({ mean, low, high }, at) =>
      (at < players.length ? perStep[at]! : soFar[at - players.length]!).push({ mean, low, high }),
    )
  }
  return {
    players: players.map(({ rewards }, at) => ({
      episode: soFar[at]!.at(-1)!,
      ...countsOf(rewards, users, steps, likedFrom),
      perStep: perStep[at]!,
      soFar: soFar[at]!,
    })),
    pairs: tested.map((pair, at) => ({ ...chosen[at]!, ...pair })),
  }
}

/** By user and step the sum of the rewards so far. */
function sumsOf(rewards: Float32Array, users: number, steps: number): Float64Array {
  const sums = new Float64Array(users * steps)
  for (let user = 0; user < users; user++) {
    let sum = 0
    for (let at = user * steps; at < (user + 1) * steps; at++) sums[at] = sum += rewards[at]! || 0
  }
  return sums
}

function columnOf(values: Float32Array | Float64Array, users: number, steps: number, step: number): Measured {
  return { trials: 1, users, values: Float64Array.from({ length: users }, (_, user) => values[user * steps + step]! || 0) }
}

function countsOf(
  rewards: Float32Array,
  users: number,
  steps: number,
  likedFrom: number,
): Pick<PlayerFigures, 'steps' | 'likes' | 'endedEarly'> {
  let shown = 0
  let likes = 0
  let whole = 0
  rewards.forEach((reward, at) => {
    if (Number.isNaN(reward)) return
    shown++
    if (reward >= likedFrom) likes++
    if (at % steps === steps - 1) whole++
  })
  return { steps: shown / users, likes: likes / users, endedEarly: 1 - whole / users }
}
