import { describe, expect, it } from 'vitest'
import { createKernelExecutor } from '../../src-main/engine/compute/kernels/kernel-executor.ts'
import { createTrainingJob } from '../../src-main/engine/training/create-job.ts'
import { createKernelRuntime } from '../../src-main/services/compute/kernel-runtime.ts'
import { importedTable } from './imported-table.ts'
import { runJob, specOf } from './job-lab.ts'
import { realData } from './real-data.ts'

/** Few updates and passes: whether a table comes out, not how good its figures are. */
const brief = { updates: 40, embeddingEpochs: 2, size: 8, learningStart: 200, criticOnlyUpdates: 10, validateEvery: 20 }

/** The metrics of drr-gru.txt, and the floors and ceiling beside the model. */
const paperMetrics = ['precision', 'recall', 'f1', 'map', 'ndcg']
const frames = ['random', 'popularity', 'item-mean', 'biased-mf', 'oracle']

/** @param folder under the real data; @param what what is particular about it */
export function describeFullTables(folder: string, what: string): void {
  describe(folder, () => {
    const data = realData(folder)
    it.skipIf(!data.present)(
      `${data.label} (${what}) gives a full table for drr-gru and drr-max`,
      { timeout: 1_800_000 },
      async () => {
        const table = await importedTable(data.path)
        for (const model of ['drr-gru', 'drr-max']) {
          const runtime = createKernelRuntime()
          const spec = specOf(model, brief, { split: 'random:0.7@1', protocols: ['rerank-sequential'], ks: [5, 10] })
          const { rows, recommendations } = runJob(createTrainingJob(spec, table, { executor: createKernelExecutor(runtime) }))
          await runtime.close()
          const all = rows.filter((row) => row.subset === 'all')
          for (const k of spec.ks) {
            for (const metric of paperMetrics) {
              const found = all.filter((row) => row.k === k && row.metric === metric).map((row) => row.model)
              expect(new Set(found), `${metric}@${k}`).toEqual(new Set([model, ...frames]))
            }
            const ndcg = (id: string) => all.find((row) => row.model === id && row.k === k && row.metric === 'ndcg')!.value
            expect(ndcg('oracle')).toBeCloseTo(1, 9)
            expect(ndcg(model)).toBeGreaterThan(0.5)
          }
          const values = rows.flatMap(({ value, low, high }) => [value, low ?? 0, high ?? 0])
          expect(values.every(Number.isFinite)).toBe(true)
          expect(recommendations.score.every(Number.isFinite)).toBe(true)
        }
      },
    )
  })
}
