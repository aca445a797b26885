import { expect, it } from 'vitest'
import { recommendationsFile, resultsFile } from '../../../../src-main/services/bundle/run-files.ts'
import { bundleLab, forged, packed, tinyPolicy, trained, verified } from '../../../support/bundle-lab.ts'

it(
  'a bundle that was forged with right hashes is found out by its weights, and rounding is told from lying',
  { timeout: 120_000 },
  async () => {
    const lab = await bundleLab()
    const path = await packed(lab, await trained(lab, tinyPolicy))
    const title = 'figures from the stored weights'
    const first = async (file: string) => (await verified(lab, file)).checks.find((check) => check.title.endsWith(title))!

    const better = await forged(path, 'better', (_, contents) => {
      const rows = resultsFile.parse(JSON.parse(contents.get('runs/1/results.json')!.toString()))
      const row = rows.find(
        ({ model, metric, k, subset }) => model === 'mdrr-att' && metric === 'ndcg' && k === 20 && subset === 'all',
      )!
      row.value = 0.99
      contents.set('runs/1/results.json', Buffer.from(JSON.stringify(rows)))
    })
    const found = await first(better)
    expect(found.verdict).toBe('differs')
    expect(found.text).toMatch(
      /^1 of \d+ figures, figures of users and recommended items differ, a figure of the results by 0\.\d+\.$/,
    )
    expect(found.differences).toEqual([
      expect.stringMatching(/^mdrr-att, rerank-sequential, all users, ndcg@20: 0\.99 in the bundle, 0\.\d+ here$/),
    ])

    const swapped = await forged(path, 'swapped', ({ runs }) => {
      runs[0]!.seed = 2
    })
    expect(await first(swapped)).toMatchObject({
      verdict: 'differs',
      text: 'The model cannot be used: it belongs to a run with another model, other parameters or another split. Start the run again.',
    })

    // The last digit of a score: rounding, if another executor has made it; otherwise another model.
    const lastDigit = (executor: string) =>
      forged(path, executor, ({ runs }, contents) => {
        runs[0]!.executor = executor
        const lists = recommendationsFile.parse(JSON.parse(contents.get('runs/1/recommendations.json')!.toString()))
        lists[0]!.score[0]! *= 1 + 2 ** -22
        contents.set('runs/1/recommendations.json', Buffer.from(JSON.stringify(lists)))
      })
    expect(await first(await lastDigit('plain'))).toMatchObject({
      verdict: 'differs',
      text: expect.stringMatching(
        /^1 of \d+ figures, figures of users and recommended items differ, a figure of the results by 0\.$/,
      ) as string,
    })
    const rounded = await first(await lastDigit('kernels'))
    expect(rounded.verdict).toBe('within-tolerance')
    expect(rounded.text).toMatch(
      /^Computed with kernels \(kernels .*\), the run with kernels \(v8 .*\): another executor rounds differently\. No figure of the results differs by more than 0\.001; the largest difference is 0\.$/,
    )

    const unknown = await forged(path, 'unknown', ({ runs }) => {
      runs[0]!.modelVersion = 99
    })
    const left = await verified(lab, unknown)
    expect(left).toMatchObject({ differs: false, complete: false })
    expect(left.checks.find((check) => check.title.endsWith(title))).toMatchObject({
      verdict: 'not-checked',
      text: 'It was trained with version 99 of the model "mdrr-att"; this Palate has version 1.',
    })

    const stop = new AbortController()
    const events = lab.handlers.bundles.verify({ path, rerun: true }, { signal: stop.signal })
    await expect(
      (async () => {
        for await (const event of events) if (event.kind === 'check' && event.check.title === 'Data set') stop.abort()
      })(),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
  },
)
