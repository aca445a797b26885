import type { BundleCheck, BundleContents } from '../../../src-main/contract/dto/bundle.ts'
import { PalateError } from '../../../src-main/contract/errors.ts'
import type { Handlers } from '../../../src-main/services/handlers.ts'
import { worldStart, type World } from './world.ts'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Bundles of which every one holds the same two runs; one whose path says "tampered" is. */
export function fakeBundles(world: World): Handlers['bundles'] {
  const imported = new Set<string>()
  return {
    export: async function* () {
      await wait(20)
      yield { base64: Buffer.from('a bundle').toString('base64') }
    },
    open: ({ path }) =>
      path.includes('missing')
        ? Promise.reject(
            new PalateError('PATH_NOT_FOUND', `There is no bundle at ${path}. Check the path and your permission to read it.`, {
              path,
            }),
          )
        : Promise.resolve(contents(world, imported.has(path))),
    verify: async function* ({ path, rerun }) {
      const runs = contents(world, false).runs
      for (const [at, one] of checks(runs, path.includes('tampered'), rerun).entries()) {
        yield { kind: 'progress' as const, text: `Run ${at}: scoring the stored weights`, share: at > 1 ? 0.4 : null }
        await wait(150)
        yield { kind: 'check' as const, check: one }
        if (one.verdict === 'differs') break
      }
      yield { kind: 'finished' as const, differs: path.includes('tampered'), complete: !path.includes('tampered') }
    },
    import: async function* ({ path }) {
      yield { kind: 'progress' as const, text: 'Importing run 1 of 2', share: 0 }
      await wait(50)
      const outcome = imported.has(path) ? ('already here' as const) : ('imported' as const)
      imported.add(path)
      const { runs, dataset } = contents(world, true)
      yield {
        kind: 'finished' as const,
        imported: {
          runs: runs.map((run, at) => ({ runId: at + 1, name: run.name, outcome })),
          dataset: { id: dataset.here?.id ?? null, name: dataset.name, outcome: dataset.here ? 'already here' : 'missing' },
          remarks: dataset.here
            ? []
            : [`The data set "${dataset.name}" is not in this workspace: import it, and the runs find it.`],
        },
      }
    },
  }
}

function contents(world: World, here: boolean): BundleContents {
  const [first] = world.datasets
  const run = (seed: number): BundleContents['runs'][number] => ({
    runId: seed + 6,
    name: `mdrr-att on Sample lab (seed ${seed})`,
    modelId: 'mdrr-att',
    preset: 'palate',
    split: `random:0.8@${seed}`,
    seed,
    state: 'finished',
    createdAt: worldStart,
    updatesDone: 3000,
    executor: 'kernels',
    device: 'WebAssembly with relaxed SIMD, 2 threads',
    precision20: 0.6871,
    ndcg20: 0.9032 + seed / 1000,
    weights: true,
    here: here ? seed : null,
  })
  return {
    palate: '0.1.0',
    createdAt: worldStart,
    bytes: 3_456_789,
    digest: 'd'.repeat(64),
    dataset: {
      name: 'Sample lab',
      fingerprint: 'a'.repeat(64),
      users: 300,
      items: 400,
      ratings: 9998,
      scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
      timeKind: 'unix-seconds',
      included: false,
      here: first ? { id: first.id, name: first.name } : null,
    },
    runs: [run(1), run(2)],
  }
}

function checks(runs: BundleContents['runs'], tampered: boolean, rerun: boolean): BundleCheck[] {
  const same = (title: string, text: string): BundleCheck => ({ title, verdict: 'identical', text, differences: [] })
  if (tampered) {
    return [
      {
        title: 'Contents',
        verdict: 'differs',
        text: '1 of 10 entries are not what was packed: the bundle was changed or damaged. Nothing else was looked at.',
        differences: ['"runs/1/results.json": its SHA-256 is another one'],
      },
    ]
  }
  return [
    same('Contents', 'All 10 entries are what Palate 0.1.0 packed, by their SHA-256.'),
    same(
      'Data set',
      '"Sample lab" (9998 ratings, fingerprint aaaaaaaaaaaa…): the ratings of this workspace have that fingerprint.',
    ),
    ...runs.flatMap(({ runId, seed }) => [
      same(
        `Run ${runId} (mdrr-att, seed ${seed}): figures from the stored weights`,
        'All 15120 figures, figures of users and recommended items are identical to the last bit, computed with kernels (v8 13.6).',
      ),
      ...(rerun
        ? [
            same(
              `Run ${runId} (mdrr-att, seed ${seed}): trained again from the seed`,
              'All 18200 weights, points of curves, figures and recommended items are identical to the last bit.',
            ),
          ]
        : []),
    ]),
  ]
}
