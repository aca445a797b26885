import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defaultParams } from '../../contract/params.ts'
import type { Executor } from '../../engine/compute/types.ts'
import { Rng } from '../../engine/core/rng.ts'
import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import { createTrainingJob } from '../../engine/training/create-job.ts'
import { findModel } from '../../engine/training/find-model.ts'
import type { JobSpec } from '../../engine/training/job.types.ts'

/** What the process holds after some updates, just after its garbage was collected; 1 MB is 2^20 bytes. */
export interface MemorySample {
  readonly update: number
  /** All of the process, the memory of executors included. */
  readonly rssMb: number
  readonly heapUsedMb: number
  /** Typed arrays; what WebAssembly shares between threads is in `rssMb` alone. */
  readonly arrayBuffersMb: number
}

export interface FlatMemoryOptions {
  readonly executor: Executor
  /** Default 100,000. */
  readonly updates?: number
  /** Told of each sample as it is taken. */
  readonly onSample?: (sample: MemorySample) => void
}

/** A sample when learning starts and after each twentieth of the updates. */
const SAMPLES = 20

/**
 * Trains a small MDRR-att as a run would (steps, updates, curves, checks on held-out users) and looks at the memory of the
 * process now and then: in a sound program nothing grows.
 * @returns 21 samples, fewer if there are fewer updates; each at the first pause of the training at or after its mark
 */
export function flatMemory({ executor, updates = 100_000, onSample }: FlatMemoryOptions): MemorySample[] {
  const collect = garbageCollector()
  const job = createTrainingJob(smallRun(updates), smallWorld(), { executor })
  const samples: MemorySample[] = []
  let mark = 0
  for (let stage = job.progress.stage; stage !== 'evaluating' && stage !== 'finished'; stage = job.progress.stage) {
    const { updatesDone } = job.progress
    if (stage === 'training' && updatesDone >= mark) {
      samples.push(takeSample(updatesDone, collect))
      onSample?.(samples.at(-1)!)
      mark = (updates * samples.length) / SAMPLES
    }
    job.advance()
    job.takePoints()
    job.takeEmbeddings()
  }
  // The end of training is no pause in it.
  if (samples.at(-1)?.update !== updates) {
    samples.push(takeSample(updates, collect))
    onSample?.(samples.at(-1)!)
  }
  return samples
}

function takeSample(update: number, collect: () => void): MemorySample {
  collect()
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return { update, rssMb: rss / 2 ** 20, heapUsedMb: heapUsed / 2 ** 20, arrayBuffersMb: arrayBuffers / 2 ** 20 }
}

/** V8's own, which a program gets only by asking for it; it need not be started with a flag. */
function garbageCollector(): () => void {
  if (globalThis.gc) return () => void globalThis.gc?.()
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  return typeof collect === 'function' ? () => void Reflect.apply(collect, undefined, []) : () => undefined
}

function smallRun(updates: number): JobSpec {
  return {
    modelId: 'mdrr-att',
    params: {
      ...defaultParams(findModel('mdrr-att').params),
      updates,
      size: 6,
      embeddingEpochs: 4,
      historyLength: 5,
      attentionHidden: 8,
      actorHidden: 16,
      criticHidden: 16,
      batchSize: 16,
      candidateSample: 4,
      criticOnlyUpdates: Math.min(500, Math.floor(updates / 4)),
      learningStart: 500,
      replayCapacity: 4096,
      validateEvery: Math.max(100, Math.floor(updates / SAMPLES)),
    },
    split: 'random:0.8@1',
    seed: 1,
    protocols: ['rerank-oneshot'],
    ks: [5],
  }
}

/** Sixty users with forty of eighty items each, who like the items of their own half. */
function smallWorld(): InteractionTable {
  const [userCount, itemCount, perUser] = [60, 80, 40]
  const rng = Rng.stream(1, 'flat-memory')
  const size = userCount * perUser
  const table = {
    size,
    userCount,
    itemCount,
    userIndex: new Int32Array(size),
    itemIndex: new Int32Array(size),
    rating: new Float32Array(size),
    time: Float64Array.from({ length: size }, (_, row) => row),
    timeKind: 'unix-seconds',
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
  } as const
  for (let user = 0; user < userCount; user++) {
    const items = rng.shuffle(Int32Array.from({ length: itemCount }, (_, item) => item))
    for (let i = 0; i < perUser; i++) {
      const row = user * perUser + i
      table.userIndex[row] = user
      table.itemIndex[row] = items[i]!
      table.rating[row] = user % 2 === items[i]! % 2 ? 4 + rng.below(2) : 1 + rng.below(3)
    }
  }
  return table
}
