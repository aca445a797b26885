import type { InteractionTable } from '../../engine/data/interaction-table.ts'
import { sideFeaturesOf } from '../../engine/data/side-features.ts'
import type { DatasetContent } from '../../engine/data/reading/dataset-content.ts'
import { readDataset } from '../../engine/data/reading/read-dataset.ts'
import { detectFormat } from '../datasets/detect-format.ts'
import { fingerprintOf } from '../datasets/import-dataset.ts'
import type { Workspace } from '../workspace.ts'
import { refusedBundle } from './bundle-errors.ts'
import type { OpenedBundle } from './open-bundle.ts'

/**
 * The data set that lies in a bundle, read and compared with what the bundle says of it.
 *
 * @throws PalateError INPUT_REFUSED when an entry, the ratings or a count are not what was packed; ROW_INVALID, CANCELLED
 */
export async function readBundledData(bundle: OpenedBundle, signal: AbortSignal): Promise<DatasetContent> {
  const { manifest, data, path } = bundle
  const own = new Set(data.files.map((file) => file.path))
  for (const entry of manifest.entries.filter(({ name }) => own.has(name))) {
    const fault = await bundle.faultOf(entry, signal)
    if (fault) throw refusedBundle(path, `its entry "${entry.name}" is not what was packed: ${fault}`)
  }
  const { reader, recognition } = await detectFormat(data, {}, 'palate-csv')
  const content = await readDataset(reader, data, { settings: recognition.settings, onBadRow: 'fail', signal })
  if (fingerprintOf(content) !== manifest.dataset.fingerprint) {
    throw refusedBundle(path, 'the ratings in it are not those that its runs were trained on (their fingerprint is another one)')
  }
  return content
}

/** The ratings that the runs of a bundle were trained on, and where they are from. */
export interface DataAtHand {
  readonly table: InteractionTable
  readonly from: 'workspace' | 'bundle'
}

/**
 * The data set of this workspace with the fingerprint of the bundle's, else the one that lies in the bundle. The thresholds are the
 * bundle's: figures depend on them.
 *
 * @returns null where there is neither
 * @throws PalateError as readBundledData
 */
export async function dataAtHand(workspace: Workspace, bundle: OpenedBundle, signal: AbortSignal): Promise<DataAtHand | null> {
  const { fingerprint, scale, included } = bundle.manifest.dataset
  const here = await workspace.repositories.datasets.findByFingerprint(fingerprint)
  if (here) return { table: { ...(await workspace.loadInteractions(here.id)), scale }, from: 'workspace' }
  if (!included) return null
  const { users, items, userIndex, itemIndex, rating, time, timeKind } = await readBundledData(bundle, signal)
  const features = sideFeaturesOf({ users: [...users], items: [...items] })
  const columns = { userIndex, itemIndex, rating, time, timeKind, scale, features }
  return { table: { ...columns, size: rating.length, userCount: users.length, itemCount: items.length }, from: 'bundle' }
}
