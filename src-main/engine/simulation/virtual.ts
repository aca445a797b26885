import { bool, float, int } from '../../contract/params.ts'
import { mapYields } from '../core/generators.ts'
import { defineSimulator, type SimulatedWorld } from '../core/simulator.ts'
import { AlsFit } from '../factorisation/als.ts'
import { factorisationParams } from './_factorisation-params.ts'
import { clusterDirections, unitRows } from './_spherical-clusters.ts'
import { VirtualWorld } from './_virtual-world.ts'

const tastes = { group: 'Taste' } as const
const choice = { group: 'Choice' } as const

/**
 * A user who clicks, passes over or leaves, who gets bored and whose taste moves with what is clicked (algorithms.md section 8;
 * algorithm-facts.md section 10). A click is told as the highest rating; passing over and leaving give none.
 *
 * Items lie where a factorisation of this world's own ratings puts them, their qualities left out. The chance that decides a
 * user's answer to the nth item is the same under every policy and in every episode: policies are compared under equal luck.
 * Learning consumes the streams "factorisation" and "clusters", playing "taste/USER" and "choice/USER/N", each from its start.
 */
export default defineSimulator({
  id: 'virtual',
  title: 'Virtual users',
  doc: 'Tastes are mixtures of item clusters. A user clicks, passes over or leaves, is bored by more of the same, and comes to like what was clicked.',
  params: {
    ...factorisationParams,
    clusters: int({
      default: 40,
      min: 1,
      max: 500,
      symbol: 'K',
      doc: 'Clusters of items, by the direction of their vectors.',
      ...tastes,
    }),
    mixture: int({
      default: 3,
      min: 1,
      max: 20,
      symbol: 'm',
      doc: "Clusters that a user's taste is mixed of, drawn by how many items of each the user liked.",
      ...tastes,
    }),
    drift: float({
      default: 0.1,
      min: 0,
      max: 1,
      symbol: 'η',
      doc: 'Share of a clicked item that the taste takes in: u becomes the direction of (1 - η) u + η e.',
      ...tastes,
    }),
    interest: float({
      default: 3.5,
      min: 0,
      max: 20,
      symbol: 'w',
      doc: 'How much cos(u, e) of taste and item counts.',
      ...choice,
    }),
    clickBase: float({
      default: -3.4,
      min: -10,
      max: 10,
      symbol: 'b_main',
      doc: 'Readiness to click, against passing over.',
      ...choice,
    }),
    boredom: float({
      default: 2,
      min: 0,
      max: 20,
      symbol: 'w_b',
      doc: 'How much likeness to the last ten items shown puts off: times the mean of max(0, cos).',
      ...choice,
    }),
    leaveBase: float({
      default: -4.2,
      min: -20,
      max: 5,
      symbol: 'b_leave',
      doc: 'Readiness to leave, against passing over.',
      ...choice,
    }),
    impatience: float({
      default: 0.08,
      min: 0,
      max: 2,
      symbol: 'w_s',
      doc: 'Added to it with each item passed over in a row.',
      ...choice,
    }),
    fatigue: float({ default: 0.01, min: 0, max: 2, symbol: 'w_t', doc: 'Added to it with each item shown.', ...choice }),
    itemPage: bool({
      default: false,
      doc: "Whether a click opens the item's own page, where the next item also counts by cos(e, that item). Palate's lists have one page.",
      ...choice,
    }),
    pageBase: float({
      default: -3.6,
      min: -10,
      max: 10,
      symbol: 'b_detail',
      doc: "Readiness to click on an item's page.",
      ...choice,
    }),
    leaveReward: float({
      default: -2,
      min: -20,
      max: 0,
      symbol: 'r_leave',
      doc: 'Reward of leaving, where a click earns 1 and passing over nothing (DeepChain).',
      ...choice,
    }),
    dislikeBelow: float({
      default: -1,
      min: -1,
      max: 1,
      symbol: 'θ',
      doc: 'An item passed over whose cosine with the taste lies below is disliked aloud: the lowest rating, reward -1. At -1 nobody ever does.',
      ...choice,
    }),
  },
  *learn({ size, lambda, epochs, clusters, ...settings }, { side, ratings, stream }): Generator<number, SimulatedWorld> {
    const fit = new AlsFit(ratings, { size, lambda, epochs, biased: true }, stream('factorisation'))
    while (!fit.finished) {
      fit.advance()
      yield (0.9 * fit.epochsDone) / epochs
    }
    const vectors = unitRows(fit.result.itemFactors, size)
    const found = yield* mapYields(clusterDirections(vectors, size, clusters, stream('clusters')), () => 0.95)
    return new VirtualWorld(side, ratings, fit.result, { size, vectors, clusters: found }, settings, stream)
  },
})
