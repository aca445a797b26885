import { onTestFinished } from 'vitest'
import { openStorage, type Storage } from '../../src-main/storage/open.ts'
import type { NewDataset } from '../../src-main/storage/repositories/new-dataset.ts'
import { createRepositories, type Repositories } from '../../src-main/storage/repositories/repositories.ts'
import type { NewRun } from '../../src-main/storage/repositories/runs.ts'
import { tempFolder } from './temp-folder.ts'

/** A fresh workspace with its repositories; closed when the test ends. */
export async function storageLab(): Promise<Storage & { repositories: Repositories }> {
  const storage = await openStorage(await tempFolder())
  onTestFinished(() => storage.close())
  return { ...storage, repositories: createRepositories(storage) }
}

/** Two users, three items (the third unrated), four ratings. */
export function tinyDataset(change: Partial<NewDataset> = {}): NewDataset {
  return {
    name: 'tiny',
    format: 'movielens-100k',
    source: '/data/tiny',
    createdAt: 1_700_000_000_000,
    scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
    timeKind: 'unix-seconds',
    fingerprint: 'f00d',
    users: [
      { userId: '7', attributes: { age: 30 } },
      { userId: '007', attributes: null },
    ],
    items: [
      { itemId: 'a', title: 'Zebra (1999)', year: 1999, genres: ['Drama', 'Family'] },
      { itemId: 'b', title: 'apple 100%', year: null, genres: [] },
      { itemId: 'c', title: null, year: null, genres: [] },
    ],
    columns: {
      userIndex: Int32Array.of(0, 1, 0, 1),
      itemIndex: Int32Array.of(0, 0, 1, 1),
      rating: Float32Array.of(5, 4, 1, 0.1),
      time: Float64Array.of(1, 2.5, 3, 2 ** 40),
    },
    report: () => ({ read: 4, accepted: 4, rejected: 0, duplicates: 0, rejectedRows: [], durationMs: 1.5 }),
    ...change,
  }
}

export function newRun(datasetId: number, change: Partial<NewRun> = {}): NewRun {
  return {
    group: 'g1',
    name: 'a run',
    datasetId,
    modelId: 'mdrr-att',
    modelVersion: 1,
    preset: 'palate',
    params: { gamma: 0.9, batch: 64 },
    split: 'random:0.8@1',
    seed: 1,
    protocols: ['rerank-sequential'],
    ks: [5, 20],
    engineVersion: '0.1.0',
    executor: 'kernels',
    threads: null,
    datasetFingerprint: 'f00d',
    updatesTotal: 1000,
    createdAt: 1_700_000_000_000,
    ...change,
  }
}
