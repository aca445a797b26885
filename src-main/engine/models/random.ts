import { defineModel, nothingToSet, type ScorerFit } from '../core/model.ts'
import { Rng } from '../core/rng.ts'
import { readNumber } from '../core/state-codec.ts'

/** Scores depend on run seed, user and position alone, so that the order is the same under every protocol. */
export default defineModel({
  id: 'random',
  version: 1,
  title: 'Random order',
  summary: 'Shuffles the candidates. The floor of every table: what a model reaches here is what the protocol gives away.',
  kind: 'floor',
  family: 'frame',
  feedback: 'none',
  needs: [],
  source: { paper: 'palate', title: 'Floor of every result table' },
  deviations: [],
  ...nothingToSet,
  curves: [],
  create: () => ({
    kind: 'scorer',
    epochs: 0,
    start: (context) => randomFit(context.stream('random').uint32()),
  }),
})

function randomFit(start: number): ScorerFit {
  let seed = start
  return {
    epoch: () => ({}),
    scorer: () => ({
      score(userIndex, _items, count, out) {
        const rng = Rng.stream(seed, `user/${userIndex}`)
        for (let i = 0; i < count; i++) out[i] = rng.uniform()
      },
    }),
    save: () => ({ seed }),
    restore(saved) {
      seed = readNumber(saved, 'seed')
    },
  }
}
