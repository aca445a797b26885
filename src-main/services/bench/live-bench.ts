import type { LiveItem, LiveSetup, LiveView } from '../../contract/dto/live.ts'
import type { RunSummary } from '../../contract/dto/run.ts'
import type { PalateClient } from '../../contract/rpc-client.ts'
import { Rng } from '../../engine/core/rng.ts'
import { quantile } from './statistics.ts'
import { thisMachine, type Machine } from './this-machine.ts'

export interface LiveBenchOptions {
  readonly run: RunSummary
  /** Answers per session that are measured; one in ten as many go before, unmeasured. */
  readonly answers: number
  /** Gradient updates after each answer in the session that learns. */
  readonly updates: number
  /** Items that the stranger begins with. */
  readonly favourites: number
  /** Decides favourites and answers. */
  readonly seed: number
  readonly log: (line: string) => void
}

export interface LiveBenchRow {
  /** 0: frozen. */
  readonly updatesPerAnswer: number
  readonly answers: number
  /** From the answer, as the client sends it, to the next ranking, as the client has read it. Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly worst: number
  /** Milliseconds to take one answer back. */
  readonly undo: number
  /** Items ranked after each answer. */
  readonly candidates: number
  /** What the model could not do, in words. */
  readonly limits: readonly string[]
}

export interface LiveBenchReport {
  readonly machine: Machine
  readonly run: { readonly id: number; readonly name: string; readonly model: string; readonly preset: string }
  readonly dataset: string
  readonly favourites: number
  readonly rows: readonly LiveBenchRow[]
}

/**
 * Plays two sessions of a trained run, frozen and learning, as a stranger with some favourites who likes and dislikes by a seeded
 * coin, and times every answer at the client's end. The sessions are deleted afterwards.
 *
 * Consumes the stream "bench-live" of `seed`. @throws PalateError as `live.open` and `live.answer`
 */
export async function liveBench(client: PalateClient, options: LiveBenchOptions): Promise<LiveBenchReport> {
  const { run, updates, favourites } = options
  const rows: LiveBenchRow[] = []
  for (const updatesPerAnswer of [0, updates]) rows.push(await playSession(client, options, updatesPerAnswer))
  return {
    machine: thisMachine(),
    run: { id: run.id, name: run.name, model: run.modelId, preset: run.preset },
    dataset: run.datasetName,
    favourites,
    rows,
  }
}

async function playSession(client: PalateClient, options: LiveBenchOptions, updatesPerAnswer: number): Promise<LiveBenchRow> {
  const { run, answers, seed, log } = options
  const random = Rng.stream(seed, 'bench-live')
  const setup: LiveSetup = {
    viewer: { kind: 'guest', favourites: await someItems(client, run.datasetId, options.favourites, random) },
    userVector: 'follows',
    learning: updatesPerAnswer === 0 ? null : { updatesPerAnswer, rateFactor: 1 },
    slate: 1,
    seed,
  }
  const opened = await client.live.open({ runId: run.id, name: 'palate bench live', ...setup })
  const sessionId = opened.session.id
  try {
    const warming = Math.ceil(answers / 10)
    const took: number[] = []
    let view = opened
    for (let given = 0; given < warming + answers && view.slate.length > 0; given++) {
      const begun = performance.now()
      view = await client.live.answer({ sessionId, ...answerTo(view, random) })
      if (given >= warming) took.push(performance.now() - begun)
    }
    const begun = performance.now()
    await client.live.undo({ sessionId })
    const undo = performance.now() - begun
    const row = { p50: quantile(took, 0.5), p95: quantile(took, 0.95), worst: Math.max(...took), undo }
    log(`${updatesPerAnswer === 0 ? 'Frozen' : `${updatesPerAnswer} updates per answer`}: p95 ${row.p95.toFixed(1)} ms`)
    return { updatesPerAnswer, answers: took.length, ...row, candidates: view.candidates, limits: view.limits }
  } finally {
    await client.live.close({ sessionId })
    await client.live.remove({ sessionId })
  }
}

function answerTo(view: LiveView, random: Rng) {
  const responses = view.slate.map(({ itemIndex }: LiveItem) => ({
    itemIndex,
    feedback: random.uint32() % 2 === 0 ? ('like' as const) : ('dislike' as const),
  }))
  return { responses, leave: false }
}

/** So many different items of the data set, all alike likely. */
async function someItems(client: PalateClient, datasetId: number, count: number, random: Rng): Promise<number[]> {
  const { items } = await client.datasets.get({ dataset: datasetId })
  const chosen = new Set<number>()
  while (chosen.size < Math.min(count, items)) chosen.add(random.uint32() % items)
  return [...chosen]
}
