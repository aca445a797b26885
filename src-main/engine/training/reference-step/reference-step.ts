import { compileInParts, cutGraph } from '../../compute/cut.ts'
import { createAdam } from '../../compute/optimisers/adam.ts'
import { softUpdate } from '../../compute/optimisers/soft-update.ts'
import type { Bindings, Executor, ExecutorMemory, Graph, InputValues, ProgramOutputs } from '../../compute/types.ts'
import { createReferenceData, ReferenceDraws, referenceSizes } from './reference-data.ts'
import type { ReferenceData } from './reference-data.ts'
import { referenceFlops, referenceGraphs, referenceParameters, sharedStates } from './reference-graphs.ts'
import type { ReferenceParameters } from './reference-graphs.ts'

export const referenceRates = { actor: 1e-4, critic: 1e-3, target: 1e-3 } as const

export interface ReferenceOptions {
  /** Width of the vectors. */
  readonly k: number
  readonly batch: number
  readonly seed: number
  /** Default: made from `seed`, in the executor's memory. */
  readonly data?: ReferenceData
}

/** One training step of a dual attention actor-critic, the work by which executors are compared. */
export interface ReferenceStep {
  /** Acts on one user, scoring all items, and makes one update of critic, actor and targets. Allocates nothing. */
  step(): void
  /** As `referenceFlops`. */
  readonly flops: number
  /** Of the latest step; NaN before the first. */
  criticLoss(): number
  actorLoss(): number
  /** The item with the highest score in the latest step's act; -1 before the first. */
  actedItem(): number
  /** The weights as they are now, and the gradients of the latest step. */
  readonly parameters: ReferenceParameters
  readonly gradients: ReferenceParameters
}

/** Consumes the streams "reference-data", "reference-networks" and "reference-replay" of the seed. */
export function createReferenceStep(executor: Executor, { k, batch, seed, data }: ReferenceOptions): ReferenceStep {
  const { memory, passes } = executor
  const graphs = referenceGraphs(k, batch)
  const parameters = referenceParameters(graphs, seed, memory)
  const { actor, critic } = parameters
  const targets = { actor: actor.clone(), critic: critic.clone() }
  const gradients = { actor: actor.zerosLike(), critic: critic.zerosLike() }
  const adam = {
    actor: createAdam(actor, { learningRate: referenceRates.actor }, passes, memory),
    critic: createAdam(critic, { learningRate: referenceRates.critic }, passes, memory),
  }
  const batches = new Batches(data ?? createReferenceData(k, seed, memory), batch, seed, memory)
  const target = memory.floats(batch)
  const { tables, inputs } = batches
  const act = prepare(executor, graphs.act, { inputs: batches.actInputs, tables, parameters: [actor] })
  const next = prepare(executor, graphs.target, { inputs, tables, parameters: [targets.actor, targets.critic] })
  const ofActor = { inputs, tables, parameters: [actor, critic], gradients: [gradients.actor] }
  const actorUpdate = compileInParts(executor, cutGraph(graphs.actor, sharedStates), ofActor)
  const states = Object.fromEntries(sharedStates.map((name) => [name, actorUpdate.early.outputs.view(name)]))
  const learnCritic = prepare(executor, graphs.critic, {
    inputs: { ...inputs, ...states, target },
    tables,
    parameters: [critic],
    gradients: [gradients.critic],
  })
  const latest = { criticLoss: NaN, actorLoss: NaN, actedItem: -1 }
  return {
    step() {
      batches.draw()
      latest.actedItem = indexOfMaximum(act().view('scores'))
      target.set(next().view('target'))
      actorUpdate.early.run(ofActor)
      latest.criticLoss = learnCritic().scalar('loss')
      adam.critic.update(critic, gradients.critic)
      latest.actorLoss = actorUpdate.late.run(actorUpdate.lateBindings).scalar('loss')
      adam.actor.update(actor, gradients.actor)
      softUpdate(targets.actor, actor, referenceRates.target, passes)
      softUpdate(targets.critic, critic, referenceRates.target, passes)
    },
    flops: referenceFlops(graphs),
    criticLoss: () => latest.criticLoss,
    actorLoss: () => latest.actorLoss,
    actedItem: () => latest.actedItem,
    parameters,
    gradients,
  }
}

/** Bindings stay the same objects from run to run: only what their arrays hold changes. */
function prepare(executor: Executor, graph: Graph, bindings: Bindings): () => ProgramOutputs {
  const program = executor.compile(graph)
  return () => program.run(bindings)
}

/** The rows of one integer table that a batch and an act read. */
interface Column {
  readonly all: Int32Array
  readonly width: number
  readonly batch: Int32Array
  readonly act: Int32Array
}

/** Inputs and tables of the graphs, in the executor's memory, filled anew by each draw. */
class Batches {
  readonly inputs: Readonly<Record<string, InputValues>>
  readonly actInputs: Readonly<Record<string, InputValues>>
  readonly tables: Readonly<Record<string, InputValues>>
  readonly #draws: ReferenceDraws
  readonly #columns: readonly Column[]

  constructor(data: ReferenceData, batch: number, seed: number, memory: ExecutorMemory) {
    const column = (all: Int32Array, width: number): Column => ({
      all,
      width,
      batch: memory.ints(batch * width),
      act: memory.ints(width),
    })
    const { history } = referenceSizes
    const columns = {
      users: column(data.users, 1),
      positive: column(data.positive, history),
      negative: column(data.negative, history),
      nextPositive: column(data.nextPositive, history),
      nextNegative: column(data.nextNegative, history),
    }
    const each = Object.entries<Column>(columns)
    this.#draws = new ReferenceDraws(batch, seed, memory)
    this.#columns = each.map(([, one]) => one)
    this.inputs = {
      ...Object.fromEntries(each.map(([name, one]) => [name, one.batch])),
      transitions: this.#draws.transitions,
    }
    this.actInputs = Object.fromEntries(each.map(([name, one]) => [name, one.act]))
    const { itemVectors, userVectors, actions, rewards } = data
    this.tables = { itemVectors, userVectors, actions, rewards }
  }

  /** The transition to act on, then the batch to learn from. */
  draw(): void {
    const acted = this.#draws.nextActed()
    this.#draws.nextBatch()
    const { transitions } = this.#draws
    for (let at = 0; at < this.#columns.length; at++) {
      const { all, width, batch, act } = this.#columns[at]!
      copyRow(all, acted, act, 0, width)
      for (let row = 0; row < transitions.length; row++) copyRow(all, transitions[row]!, batch, row, width)
    }
  }
}

function copyRow(from: Int32Array, source: number, to: Int32Array, row: number, width: number): void {
  for (let index = 0; index < width; index++) to[row * width + index] = from[source * width + index]!
}

function indexOfMaximum(values: Float32Array): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}
