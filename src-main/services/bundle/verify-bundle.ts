import type { BundleCheck, BundleVerification } from '../../contract/dto/bundle.ts'
import { isPalateError, PalateError } from '../../contract/errors.ts'
import { followed } from '../datasets/followed.ts'
import { cancelledBundle } from './bundle-errors.ts'
import { dataAtHand, type DataAtHand } from './bundled-data.ts'
import type { OpenedBundle } from './open-bundle.ts'
import { checkFigures, checkRerun, type RunCheckHost } from './verify-run.ts'

/**
 * Checks a bundle step by step: every entry by its hash, the data set by its fingerprint, then of every run the figures that its stored
 * weights give, and with `rerun` what training it again from its seed comes to. Stores nothing.
 *
 * @throws PalateError CANCELLED
 */
export async function* verifyBundle(
  host: RunCheckHost,
  bundle: OpenedBundle,
  rerun: boolean,
  signal: AbortSignal,
): AsyncGenerator<BundleVerification, void, void> {
  const checks: BundleCheck[] = []
  const done = (check: BundleCheck): BundleVerification => {
    checks.push(check)
    return { kind: 'check', check }
  }
  yield progress('Comparing the contents with their hashes', null)
  const contents = await checkContents(bundle, signal)
  yield done(contents)
  if (contents.verdict !== 'differs') {
    yield progress('Looking for the data set', null)
    const { data, check } = await checkData(host, bundle, signal)
    yield done(check)
    for (const run of bundle.manifest.runs) {
      const steps = rerun ? [checkFigures, checkRerun] : [checkFigures]
      for (const step of steps) {
        const stage = { text: `Run ${run.id}`, share: null as number | null }
        const start = (own: AbortSignal) => step(host, bundle, run, data, own, stage)
        const following = followed(start, () => progress(stage.text, stage.share), signal)
        for (;;) {
          const next = await following.next()
          if (next.done) {
            yield done(next.value)
            break
          }
          yield next.value
        }
      }
    }
  }
  yield {
    kind: 'finished',
    differs: checks.some(({ verdict }) => verdict === 'differs'),
    complete: checks.every(({ verdict }) => verdict !== 'not-checked') && contents.verdict === 'identical',
  }
}

function progress(text: string, share: number | null): Extract<BundleVerification, { kind: 'progress' }> {
  return { kind: 'progress', text, share }
}

async function checkContents(bundle: OpenedBundle, signal: AbortSignal): Promise<BundleCheck> {
  const title = 'Contents'
  const { entries, palate } = bundle.manifest
  const differences: string[] = []
  for (const entry of entries) {
    if (signal.aborted) throw cancelledBundle('verification')
    const fault = await bundle.faultOf(entry, signal).catch((error: unknown) => {
      if (isPalateError(error) && error.code === 'INPUT_REFUSED') return 'it is damaged and cannot be unpacked'
      throw error
    })
    if (fault) differences.push(`"${entry.name}": ${fault}`)
  }
  if (differences.length === 0) {
    return {
      title,
      verdict: 'identical',
      text: `All ${entries.length} entries are what Palate ${palate} packed, by their SHA-256.`,
      differences,
    }
  }
  const text = `${differences.length} of ${entries.length} entries are not what was packed: the bundle was changed or damaged. Nothing else was looked at.`
  return { title, verdict: 'differs', text, differences }
}

async function checkData(
  { workspace }: RunCheckHost,
  bundle: OpenedBundle,
  signal: AbortSignal,
): Promise<{ data: DataAtHand | null; check: BundleCheck }> {
  const title = 'Data set'
  const { name, fingerprint, ratings } = bundle.manifest.dataset
  const known = `"${name}" (${ratings} ratings, fingerprint ${fingerprint.slice(0, 12)}…)`
  try {
    const data = await dataAtHand(workspace, bundle, signal)
    const text =
      data === null
        ? `${known} is neither in this workspace nor in the bundle, so that no figure can be computed again. Import it and verify again.`
        : `${known}: the ratings of ${data.from === 'bundle' ? 'the bundle' : 'this workspace'} have that fingerprint.`
    return { data, check: { title, verdict: data ? 'identical' : 'not-checked', text, differences: [] } }
  } catch (error) {
    if (!(error instanceof PalateError) || error.code === 'CANCELLED') throw error
    return { data: null, check: { title, verdict: 'differs', text: error.message, differences: [] } }
  }
}
