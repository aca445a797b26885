import { PalateError } from '../../../src-main/contract/errors.ts'
import type {
  LiveBatch,
  LiveBatchPlayer,
  LiveBatchResult,
  LiveBatchSetup,
  LiveBatchView,
} from '../../../src-main/contract/dto/live-batch.ts'
import { simulatorDescriptor, type SimulatorReport } from '../../../src-main/contract/dto/simulator.ts'
import { simulators } from '../../../src-main/engine/simulation/catalogue.gen.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import type { World } from './world.ts'

const tickMs = 60
const ticks = 5
/** So many users never come to an end: whoever wants to see them play can take the time. */
const endless = 10_000
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface FakeBatch {
  batch: LiveBatch
  share: number
}

/** Batches in memory: nobody plays, the figures are made up, and the better a player's place the more it earns. */
export function fakeLiveBatches(world: World): Handlers['liveBatches'] {
  const batches = new Map<number, FakeBatch>()
  const found = (batchId: number): FakeBatch => {
    const batch = batches.get(batchId)
    if (batch) return batch
    throw new PalateError('LIVE_BATCH_NOT_FOUND', `There is no batch ${batchId} in this workspace.`, { batch: String(batchId) })
  }
  const viewOf = ({ batch, share }: FakeBatch): LiveBatchView => ({
    batch,
    progress: batch.state === 'running' ? { player: nameOf(world, batch.setup.runs[0]!), share } : null,
    result: batch.state === 'finished' ? resultOf(world, batch.setup) : null,
  })
  return {
    list: () => Promise.resolve([...batches.values()].map(({ batch }) => batch).reverse()),
    start({ name, ...setup }) {
      const id = batches.size + 1
      const run = world.runs.get(setup.runs[0]!)!.detail
      const batch: LiveBatch = {
        id,
        name: name ?? `${setup.runs.length} runs, ${setup.users} ${setup.simulator} users`,
        datasetId: run.datasetId,
        datasetName: run.datasetName,
        setup,
        state: 'running',
        createdAt: Date.now(),
        elapsedMs: 0,
        error: null,
      }
      batches.set(id, { batch, share: 0 })
      return Promise.resolve(viewOf(batches.get(id)!))
    },
    view: ({ batchId }) => Promise.resolve(viewOf(found(batchId))),
    watch: async function* ({ batchId }) {
      const one = found(batchId)
      for (let tick = 1; one.batch.state === 'running'; tick++) {
        yield viewOf(one)
        await wait(tickMs)
        one.share = Math.min(0.9, tick / ticks)
        if (tick >= ticks && one.batch.setup.users < endless && one.batch.state === 'running')
          one.batch = { ...one.batch, state: 'finished', elapsedMs: 6100 }
      }
      yield viewOf(one)
    },
    cancel({ batchId }) {
      const one = found(batchId)
      if (one.batch.state === 'running') one.batch = { ...one.batch, state: 'cancelled', elapsedMs: 900 }
      return Promise.resolve(viewOf(one))
    },
    remove: ({ batchId }) => Promise.resolve({ removed: batches.delete(batchId) }),
    export: async function* ({ batchId, what }) {
      found(batchId)
      await Promise.resolve()
      yield what === 'curves' ? 'player,model,run,step,reward\r\n' : 'player,model,run,user id,steps,sum,mean\r\n'
    },
  }
}

const nameOf = (world: World, runId: number) => world.runs.get(runId)?.detail.name ?? `run ${runId}`

function resultOf(world: World, { runs, steps, users, learning }: LiveBatchSetup): LiveBatchResult {
  const player = (
    name: string,
    model: string,
    kind: LiveBatchPlayer['kind'],
    runId: number | null,
    worth: number,
  ): LiveBatchPlayer => {
    const at = (sum: number, width: number) => ({ mean: sum, low: sum - width, high: sum + width })
    const perStep = Array.from({ length: steps }, (_, step) => at(worth * Math.exp(-step / 12), 0.08))
    const soFar = perStep.map((_, step) =>
      at(
        perStep.slice(0, step + 1).reduce((sum, one) => sum + one.mean, 0),
        0.05 + 0.02 * step,
      ),
    )
    const episode = soFar.at(-1)!
    return {
      name,
      model,
      kind,
      runId,
      episode,
      steps: 0.8 * steps,
      likes: 0.2 * steps,
      endedEarly: 0.42,
      perStep,
      soFar,
      updates: 0,
    }
  }
  const players = [
    ...runs.map((id, at) => player(nameOf(world, id), world.runs.get(id)!.detail.modelId, 'run', id, 0.25 - 0.03 * at)),
    player('random', 'random', 'floor', null, -0.05),
    player('popularity', 'popularity', 'floor', null, 0.08),
    player('oracle', 'oracle', 'ceiling', null, 0.4),
  ]
  const pairs = runs.flatMap((_, a) =>
    players.flatMap(({ kind }, b) => {
      if (b <= a || kind === 'ceiling') return []
      const difference = players[a]!.episode.mean - players[b]!.episode.mean
      const sure = Math.abs(difference) > 1
      const p = sure ? 0.0002 : 0.31
      return [
        {
          ...{ a, b, difference, low: difference - 0.9, high: difference + 0.9, users, p, correctedP: Math.min(1, 5 * p) },
          verdict: sure ? ('higher' as const) : ('not distinguishable' as const),
        },
      ]
    }),
  )
  const remarks = learning ? ['Popularity does not learn on line: it played as it was trained.'] : []
  return { split: 'random:0.8@1', users, players, pairs, remarks }
}

export const fakeSimulators: Handlers['simulators'] = {
  list: () => Promise.resolve(simulators.map((simulator) => simulatorDescriptor.parse(simulator))),
  report: ({ split, settings }) => Promise.resolve(reportOf(split, settings)),
}

function reportOf(split: string, settings: Readonly<Record<string, unknown>>): SimulatorReport {
  const bins = Array.from({ length: 10 }, (_, at) => ({
    low: 1 + 0.4 * at,
    high: 1.4 + 0.4 * at,
    count: 100 * (10 - Math.abs(at - 6)),
  }))
  const earned = (model: string, reward: number) => ({
    ...{ model, users: 500, reward, low: reward - 0.02, high: reward + 0.02, interquartileMean: reward },
    ...{ episodeReturn: 20 * reward, steps: 16.2, likes: 0.7 },
  })
  return {
    simulator: String(settings['simulator'] ?? 'logged'),
    datasetName: 'Sample lab',
    split,
    settings: { steps: 20, users: 500 },
    calibration: {
      ratings: 6700,
      rmse: 0.9237,
      bias: 0.0181,
      bins: bins.map((bin) => ({ ...bin, meanPredicted: bin.low + 0.2, meanRating: bin.low + 0.25 })),
    },
    agreement: { pairs: 67_170, share: 0.642 },
    saturation: { pairs: 100_000, bins, predictedLowest: 0, predictedHighest: 0.001, answeredLowest: 0, answeredHighest: 0.043 },
    earnings: [earned('random', -0.1), earned('popularity', -0.09), earned('oracle', 0.04)],
  }
}
