import type { LiveBatch, LiveBatchResult, LiveBatchSetup, LiveBatchView } from '../../contract/dto/live-batch.ts'
import { isPalateError, PalateError, toErrorRecord } from '../../contract/errors.ts'
import { parseParams, type ParamValues } from '../../contract/params.ts'
import onlineSimulated from '../../engine/evaluation/protocols/online-simulated.ts'
import type { PlayedBatch } from '../../engine/training/live/play-batch.ts'
import type { LiveBatchEnd } from '../../storage/repositories/live-batches.ts'
import type { StoredRun } from '../../storage/repositories/runs.ts'
import { playInProcess, type BatchOpening } from './live-batch-process.ts'
import type { PlayOptions } from './live-options.types.ts'
import { playedSpec, trainedRun } from './played-run.ts'

interface AtWork {
  readonly stop: AbortController
  /** What the end is called when it is asked for. */
  wanted: 'cancelled' | 'interrupted'
  readonly ended: Promise<void>
  progress: NonNullable<LiveBatchView['progress']>
  /** Woken at each change. */
  readonly waiting: Set<() => void>
}

/** All batches of a workspace: those that play, and what came of the others. */
export class LiveBatches {
  readonly #options: PlayOptions
  readonly #atWork = new Map<number, AtWork>()

  constructor(options: PlayOptions) {
    this.#options = options
  }

  get #repository() {
    return this.#options.workspace.repositories.liveBatches
  }

  /** What played when the process before died is interrupted. */
  open(): Promise<void> {
    return this.#repository.markInterrupted()
  }

  list(): Promise<LiveBatch[]> {
    return this.#repository.list()
  }

  /** @throws PalateError RUN_NOT_FOUND, RUN_STATE, CHECKPOINT_UNUSABLE, DATA_UNSUITABLE (runs on several data sets), PARAMS_INVALID */
  async start(setup: LiveBatchSetup, name: string | undefined): Promise<LiveBatchView> {
    const settings = settingsOf(setup)
    const runs: StoredRun[] = []
    for (const runId of setup.runs) runs.push(await trainedRun(this.#options.workspace, runId))
    const datasetId = runs[0]!.datasetId
    if (runs.some((run) => run.datasetId !== datasetId)) {
      throw new PalateError(
        'DATA_UNSUITABLE',
        'These runs were trained on different data sets: they do not know the same users. Choose runs on one data set.',
        { reason: 'runs on different data sets' },
      )
    }
    const opening = await this.#opening(runs, settings, setup)
    const others = runs.length === 1 ? '' : ` and ${runs.length - 1} more`
    const words = `${runs[0]!.name}${others}, ${setup.users} ${setup.simulator} users`.slice(0, 200)
    const batchId = await this.#repository.insert({ datasetId, name: name || words, setup, at: Date.now() })
    this.#begin(batchId, opening, runs)
    return this.view(batchId)
  }

  async view(batchId: number): Promise<LiveBatchView> {
    const batch = await this.#stored(batchId)
    return { batch, progress: this.#atWork.get(batchId)?.progress ?? null, result: await this.#repository.result(batchId) }
  }

  async *watch(batchId: number, signal: AbortSignal | undefined): AsyncGenerator<LiveBatchView, void, void> {
    for (;;) {
      const work = this.#atWork.get(batchId)
      // Asked for before the state is read: a change in between must not be missed.
      const changed = work ? new Promise<void>((resolve) => work.waiting.add(resolve)) : undefined
      const gone = signal
        ? new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        : undefined
      yield await this.view(batchId)
      if (!changed) return
      await (gone ? Promise.race([changed, gone]) : changed)
      if (signal?.aborted) return
    }
  }

  async cancel(batchId: number): Promise<LiveBatchView> {
    await this.#stored(batchId)
    await this.#stop(batchId, 'cancelled')
    return this.view(batchId)
  }

  async remove(batchId: number): Promise<boolean> {
    await this.#stop(batchId, 'cancelled')
    return this.#repository.remove(batchId)
  }

  /** Those that play are interrupted; nothing of theirs is kept but the setup. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#atWork.keys()].map((batchId) => this.#stop(batchId, 'interrupted')))
  }

  async #stop(batchId: number, wanted: AtWork['wanted']): Promise<void> {
    const work = this.#atWork.get(batchId)
    if (!work) return
    work.wanted = wanted
    work.stop.abort()
    await work.ended
  }

  #begin(batchId: number, opening: BatchOpening, runs: readonly StoredRun[]): void {
    const stop = new AbortController()
    const waiting = new Set<() => void>()
    const startedAt = performance.now()
    const wake = () => {
      const awake = [...waiting]
      waiting.clear()
      for (const one of awake) one()
    }
    const tell: Parameters<typeof playInProcess>[2] = ({ player, model, share }) => {
      work.progress = { player: runs[player]?.name ?? model, share }
      wake()
    }
    const end = async (): Promise<void> => {
      const came = await this.#outcome(playInProcess(this.#options.launch, opening, tell, stop.signal), runs, () => work.wanted)
      await this.#repository.end(batchId, { ...came, elapsedMs: performance.now() - startedAt })
      this.#atWork.delete(batchId)
      wake()
    }
    const work: AtWork = {
      stop,
      wanted: 'cancelled',
      progress: { player: runs[0]!.name, share: 0 },
      waiting,
      ended: Promise.resolve(),
    }
    this.#atWork.set(batchId, Object.assign(work, { ended: end() }))
  }

  async #outcome(
    playing: Promise<PlayedBatch>,
    runs: readonly StoredRun[],
    wanted: () => AtWork['wanted'],
  ): Promise<Omit<LiveBatchEnd, 'elapsedMs'>> {
    try {
      const played = await playing
      return { state: 'finished', error: null, played: { result: resultOf(played, runs), ...rewardsOf(played) } }
    } catch (error) {
      if (isPalateError(error) && error.code === 'CANCELLED') return { state: wanted(), error: null, played: null }
      return { state: 'failed', error: toErrorRecord(error), played: null }
    }
  }

  async #opening(runs: readonly StoredRun[], settings: ParamValues, { learning }: LiveBatchSetup): Promise<BatchOpening> {
    const { workspace, compute } = this.#options
    const contenders: BatchOpening['contenders'] = []
    for (const run of runs) {
      contenders.push({ spec: playedSpec(run), model: await workspace.repositories.checkpoints.loadModel(run.id) })
    }
    return {
      kind: 'batch',
      // Users are met some at a time: what runs elsewhere would cost a trip for each answer.
      compute: await compute.request('auto', null, 1),
      contenders,
      table: await workspace.loadInteractions(runs[0]!.datasetId),
      settings,
      learning,
    }
  }

  /** @throws PalateError LIVE_BATCH_NOT_FOUND */
  async #stored(batchId: number): Promise<LiveBatch> {
    const stored = await this.#repository.get(batchId)
    if (stored) return stored
    throw batchNotFound(batchId)
  }
}

export function batchNotFound(batchId: number): PalateError {
  return new PalateError(
    'LIVE_BATCH_NOT_FOUND',
    `There is no batch ${batchId} in this workspace. It may have been deleted in another window; look at the list of batches.`,
    { batch: String(batchId) },
  )
}

/** Complete, as the protocol "online-simulated" has them. @throws PalateError PARAMS_INVALID */
function settingsOf({ users, steps, simulator, seed, settings }: LiveBatchSetup): ParamValues {
  const parsed = parseParams(onlineSimulated.params!, { ...settings, users, steps, simulator, seed })
  if (parsed.ok) return parsed.values
  const message = `The simulator cannot be set so. ${parsed.issues.map((issue) => issue.message).join(' ')}`
  throw new PalateError('PARAMS_INVALID', message, { issues: parsed.issues })
}

function resultOf({ split, users, players, pairs, remarks }: PlayedBatch, runs: readonly StoredRun[]): LiveBatchResult {
  return {
    split,
    users: users.length,
    players: players.map(({ rewards: _, ...player }, at) => {
      const run = runs[at]
      return { ...player, name: run?.name ?? player.model, runId: run?.id ?? null }
    }),
    pairs: [...pairs],
    remarks: [...remarks],
  }
}

function rewardsOf({ users, steps, players }: PlayedBatch): { users: Int32Array; rewards: Float32Array } {
  const rewards = new Float32Array(players.length * users.length * steps)
  players.forEach((player, at) => rewards.set(player.rewards, at * users.length * steps))
  return { users, rewards }
}
