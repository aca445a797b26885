import { PalateError } from '../../contract/errors.ts'
import { defaultParams, type ParamValues } from '../../contract/params.ts'
import { Rng } from '../core/rng.ts'
import type { AnySimulator, SimulatedWorld, WorldSide } from '../core/simulator.ts'
import type { InteractionTable } from '../data/interaction-table.ts'
import { simulators } from './catalogue.gen.ts'

/** @throws PalateError INPUT_INVALID */
function findSimulator(id: string): AnySimulator {
  const simulator = simulators.find((candidate) => candidate.id === id)
  if (simulator) return simulator
  const message = `There is no simulator "${id}". Choose among ${simulators.map((known) => known.id).join(', ')}.`
  throw new PalateError('INPUT_INVALID', message, { issues: [{ path: 'simulator', message }] })
}

/**
 * The world for learning: knows the training ratings and nothing else, because it is given nothing else.
 *
 * Consumes the streams "simulator/ID/training/…" of the seed.
 * @param given settings that differ from the defaults; those that the simulator does not know are another's
 */
export function learnTrainingWorld(
  id: string,
  given: ParamValues,
  train: InteractionTable,
  seed: number,
): Generator<number, SimulatedWorld> {
  return learn(id, given, 'training', train, seed)
}

/**
 * The world for being judged in: knows the ratings of both sides. The same for every model and run on the split, as its
 * streams, "simulator/ID/evaluation/…", are those of the world's own seed and not of a run's.
 *
 * @param given settings that differ from the defaults; those that the simulator does not know are another's
 */
export function learnEvaluationWorld(
  id: string,
  given: ParamValues,
  { train, test }: { readonly train: InteractionTable; readonly test: InteractionTable },
  seed: number,
): Generator<number, SimulatedWorld> {
  return learn(id, given, 'evaluation', joined(train, test), seed)
}

function learn(id: string, given: ParamValues, side: WorldSide, ratings: InteractionTable, seed: number) {
  const simulator = findSimulator(id)
  const defaults = defaultParams(simulator.params)
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(defaults, name))
  const params = { ...defaults, ...Object.fromEntries(known) }
  const stream = (name: string) => Rng.stream(seed, `simulator/${id}/${side}/${name}`)
  return simulator.learn(params, { side, ratings, seed, stream })
}

function joined(a: InteractionTable, b: InteractionTable): InteractionTable {
  const size = a.size + b.size
  const both = <T extends Int32Array | Float32Array | Float64Array>(out: T, first: T, second: T): T => {
    out.set(first)
    out.set(second, first.length)
    return out
  }
  return {
    ...a,
    size,
    userIndex: both(new Int32Array(size), a.userIndex, b.userIndex),
    itemIndex: both(new Int32Array(size), a.itemIndex, b.itemIndex),
    rating: both(new Float32Array(size), a.rating, b.rating),
    time: both(new Float64Array(size), a.time, b.time),
  }
}
