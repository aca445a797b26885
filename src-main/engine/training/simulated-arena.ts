import { PalateError } from '../../contract/errors.ts'
import type { ParamValues } from '../../contract/params.ts'
import type { SimulatedUsers, SimulatedWorld } from '../core/simulator.ts'
import type { Scorer } from '../core/model.ts'
import { oracleOf, playPolicy, playScorer } from '../evaluation/play-episodes.ts'
import type { RankedLists } from '../evaluation/rank.ts'
import { simulatedEpisodes, type SimulatedEpisodes } from '../evaluation/simulated-episodes.ts'
import { refuseOwnModel } from '../simulation/_guards.ts'
import { learnEvaluationWorld } from '../simulation/_learn-world.ts'
import type { SplitTables } from './split-tables.ts'
import type { TrainedModel } from './trained-model.ts'

/** Users that the oracle meets at once. */
const ORACLE_SLOTS = 64

/** Simulated users, and whoever is to be judged among them. Learnt with the first question, once for all. */
export class SimulatedArena {
  readonly episodes: SimulatedEpisodes
  readonly #tables: SplitTables
  readonly #settings: ParamValues
  readonly #steps: number
  #world: SimulatedWorld | undefined

  /** @param settings of the protocol, complete; those that the simulator knows are its own */
  constructor(tables: SplitTables, settings: ParamValues) {
    this.#tables = tables
    this.#settings = settings
    this.#steps = Number(settings['steps'])
    this.episodes = simulatedEpisodes(tables, Number(settings['users']))
  }

  /**
   * Yields now and then; each user's episode starts from the model as it was trained.
   * @throws PalateError DATA_UNSUITABLE when the model stands on the simulator's own factorisation
   */
  *play(trained: TrainedModel): Generator<unknown, RankedLists> {
    const world = yield* this.#worldFor(trained)
    if (trained.kind === 'scorer') return yield* playScorer(world, this.episodes, trained.scorer, this.#steps)
    const { policy } = trained
    return yield* playPolicy(world, this.episodes, () => policy, policy.slots, this.#steps)
  }

  /** One of the users at a time, for whoever plays by a loop of its own. @throws PalateError as `play` */
  *userFor(trained: TrainedModel): Generator<unknown, SimulatedUsers> {
    return (yield* this.#worldFor(trained)).users(1)
  }

  *#worldFor(trained: TrainedModel): Generator<unknown, SimulatedWorld> {
    const world = yield* this.meet()
    const thinks: Scorer['score'] | undefined =
      trained.kind === 'policy' ? trained.thinks : (user, items, count, out) => trained.scorer.score(user, items, count, out)
    if (thinks) refuseOwnModel(world, thinks)
    return world
  }

  /** The ceiling: whatever the users will like best. */
  *playOracle(): Generator<unknown, RankedLists> {
    const world = yield* this.meet()
    return yield* playPolicy(world, this.episodes, oracleOf, ORACLE_SLOTS, this.#steps)
  }

  /** Everybody meets the same users. */
  *meet(): Generator<unknown, SimulatedWorld> {
    if (this.#world) return this.#world
    const { simulator, seed, ...own } = this.#settings
    const world = yield* learnEvaluationWorld(String(simulator), own, this.#tables, Number(seed))
    requireBothSides(world, this.#tables)
    this.#world = world
    return world
  }
}

/** What is judged must be judged by all ratings, not by those it has learnt from. @throws PalateError DATA_UNSUITABLE */
function requireBothSides(world: SimulatedWorld, { train, test }: SplitTables): void {
  if (world.side === 'evaluation' && world.ratings.size === train.size + test.size) return
  throw new PalateError(
    'DATA_UNSUITABLE',
    'The simulated users of this evaluation do not know both sides of the split: they would judge a policy by what it was trained on.',
    { reason: 'a world of another side' },
  )
}
