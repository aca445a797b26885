import { describe, expect, it } from 'vitest'
import type { Services } from '../../../../src-main/services/create-services.ts'
import { bundleLab, imported, packed, tinyPolicy, trained, verified } from '../../../support/bundle-lab.ts'
import { textOf } from '../../../support/runs-lab.ts'

const ofThePlace = new Set(['id', 'datasetId', 'datasetName', 'notes', 'origin', 'checkpoints'])

/** Everything that a run shows, but what depends on where it lies. */
async function shown({ handlers }: Services, runId: number, withIds = true) {
  const detail = Object.entries(await handlers.runs.get({ runId }, {}))
  const record = Object.fromEntries(detail.filter(([name]) => !ofThePlace.has(name)))
  const csv = async (what: 'metrics' | 'recommendations' | 'users') => textOf(handlers.runs.exportRun({ runId, what }, {}))
  const bySubject = withIds ? [await csv('users'), await csv('recommendations')] : []
  return { record, results: await handlers.runs.results({ runId }, {}), metrics: await csv('metrics'), bySubject }
}

describe('a bundle of runs', () => {
  it(
    'with its data set makes an empty workspace show, verify and train the same runs to the same bits',
    { timeout: 120_000 },
    async () => {
      const home = await bundleLab()
      const runIds = await trained(home, tinyPolicy)
      const path = await packed(home, runIds, { withData: true })

      const away = await bundleLab()
      const contents = await away.handlers.bundles.open({ path }, {})
      expect(contents).toMatchObject({ palate: '0.9.0', dataset: { name: 'Sample lab', included: true, here: null } })
      expect(contents.runs.map(({ seed, weights, here }) => ({ seed, weights, here }))).toEqual([
        { seed: 1, weights: true, here: null },
      ])
      const before = await verified(away, path, true)
      expect(before.checks.map(({ verdict, title }) => `${title}: ${verdict}`)).toEqual([
        'Contents: identical',
        'Data set: identical',
        'Run 1 (mdrr-att, seed 1): figures from the stored weights: identical',
        'Run 1 (mdrr-att, seed 1): trained again from the seed: identical',
      ])
      expect(before).toMatchObject({ differs: false, complete: true })
      expect(await away.handlers.runs.list(undefined, {})).toEqual([])

      const made = await imported(away, path)
      expect(made).toMatchObject({ dataset: { name: 'Sample lab', outcome: 'imported' }, remarks: [] })
      expect(made.runs.map(({ outcome }) => outcome)).toEqual(['imported'])
      for (const [at, { runId }] of made.runs.entries()) {
        expect(await shown(away, runId)).toEqual(await shown(home, runIds[at]!))
        const run = await away.handlers.runs.get({ runId }, {})
        expect(run.origin).toMatchObject({ bundle: 'runs.palate-bundle', palate: '0.9.0', runId: runIds[at] })
        expect(run.notes.at(-1)!.text).toBe(
          `Imported from the bundle "runs.palate-bundle", where it was run ${runIds[at]} (packed by Palate 0.9.0).`,
        )
      }
      const scored = await away.handlers.runs.evaluate({ runId: made.runs[0]!.runId, protocols: ['rerank-oneshot'], ks: [5] }, {})
      const there = await home.handlers.runs.evaluate({ runId: runIds[0]!, protocols: ['rerank-oneshot'], ks: [5] }, {})
      expect(scored).toEqual(there)

      const again = await imported(away, path)
      expect(again.runs.map(({ runId, outcome }) => ({ runId, outcome }))).toEqual(
        made.runs.map(({ runId }) => ({ runId, outcome: 'already here' })),
      )
      expect(again.dataset.outcome).toBe('already here')
      expect(await away.handlers.runs.list(undefined, {})).toHaveLength(1)
      expect(await imported(home, path)).toMatchObject({ runs: runIds.map((runId) => ({ runId, outcome: 'already here' })) })
    },
  )

  it(
    'without its data set shows its figures, says what is missing, and finds the data set when it comes',
    { timeout: 120_000 },
    async () => {
      const home = await bundleLab()
      const [runId] = await trained(home, { model: 'item-mean', backend: 'plain', ks: [5, 20] })
      const path = await packed(home, [runId!])
      const away = await bundleLab()
      const made = await imported(away, path)
      const { id, fingerprint, ratings } = await home.handlers.datasets.get({ dataset: 'Sample lab' }, {})
      expect(id).toBe(1)
      expect(made.dataset).toEqual({ id: null, name: 'Sample lab', outcome: 'missing' })
      expect(made.remarks).toEqual([
        `The data set "Sample lab" is not in this workspace: the runs are shown with their figures, but cannot be scored again, played or trained again. Import the data set itself (${ratings} ratings, fingerprint ${fingerprint.slice(0, 12)}…), and they find it.`,
      ])
      const mine = made.runs[0]!.runId
      expect(await shown(away, mine, false)).toEqual(await shown(home, runId!, false))
      expect((await away.handlers.runs.get({ runId: mine }, {})).datasetName).toBe('Sample lab')
      expect(await away.handlers.datasets.list(undefined, {})).toEqual([])
      const wish = { runId: mine, protocols: ['rerank-oneshot'], ks: [5] }
      await expect(away.handlers.runs.evaluate(wish, {})).rejects.toMatchObject({
        code: 'DATASET_NOT_FOUND',
        message:
          'The data set "Sample lab" is not in this workspace: the runs on it came in a bundle without it. Import the data set itself, or a bundle that holds it; the runs find it by its fingerprint.',
      })
      const unchecked = await verified(away, path)
      expect(unchecked).toMatchObject({ differs: false, complete: false })
      expect(unchecked.checks.map(({ verdict }) => verdict)).toEqual(['identical', 'not-checked', 'not-checked'])

      // Packed again where the data set is not, it is the same run.
      const second = await packed(away, [mine], { name: 'second.palate-bundle' })
      expect(await verified(home, second)).toMatchObject({ differs: false, complete: true })
      await expect(packed(away, [mine], { withData: true })).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })

      await away.handlers.datasets.createSampleLab({ seed: 1, name: 'Sample lab' }, {})
      expect(await shown(away, mine)).toEqual(await shown(home, runId!))
      expect(await away.handlers.runs.evaluate(wish, {})).toEqual(
        await home.handlers.runs.evaluate({ ...wish, runId: runId! }, {}),
      )
      expect(await verified(away, path)).toMatchObject({ differs: false, complete: true })
    },
  )

  it('holds several seeds; of ended runs of one data set', { timeout: 120_000 }, async () => {
    const home = await bundleLab()
    const seeds = await trained(home, { model: 'item-mean', backend: 'plain', seeds: [1, 2] })
    const away = await bundleLab()
    const made = await imported(away, await packed(home, seeds))
    const runs = await away.handlers.runs.list(undefined, {})
    expect(runs.map((run) => run.seed)).toEqual([2, 1])
    expect(new Set(runs.map((run) => run.group)).size).toBe(1)
    expect(made.runs).toHaveLength(2)

    const other = await home.handlers.datasets.createSampleLab({ seed: 2, name: 'Other lab' }, {})
    const [elsewhere] = await trained(home, { model: 'popularity', backend: 'plain', dataset: other.id })
    const refusal = (runIds: number[]) => packed(home, runIds).then(String, (error: unknown) => (error as Error).message)
    expect(await refusal([seeds[0]!, elsewhere!])).toBe(
      'The runs were not packed: the runs are of several data sets, and a bundle is of one. Make a bundle for each.',
    )
    expect(await refusal([seeds[0]!, 99])).toBe('There is no run 99 in this workspace. Choose one from the list of runs.')
  })
})
