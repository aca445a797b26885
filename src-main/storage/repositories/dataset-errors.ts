import { PalateError } from '../../contract/errors.ts'

export function datasetNameTaken(name: string): PalateError {
  return new PalateError(
    'DATASET_NAME_TAKEN',
    `There is already a data set named "${name}". Choose another name, or remove that one first.`,
    { name },
  )
}

export function datasetNotFound(dataset: number | string): PalateError {
  return new PalateError(
    'DATASET_NOT_FOUND',
    `There is no data set ${typeof dataset === 'number' ? `number ${dataset}` : `named "${dataset}"`}. Run "palate datasets" to see those there are, or import one first.`,
    { name: String(dataset) },
  )
}

/** Runs came in a bundle without their data set. */
export function datasetAbsent(name: string): PalateError {
  return new PalateError(
    'DATASET_NOT_FOUND',
    `The data set "${name}" is not in this workspace: the runs on it came in a bundle without it. Import the data set itself, or a bundle that holds it; the runs find it by its fingerprint.`,
    { name },
  )
}

export function datasetInUse(name: string, runs: number): PalateError {
  return new PalateError(
    'DATASET_IN_USE',
    `The data set "${name}" cannot be removed: ${runs} ${runs === 1 ? 'run uses' : 'runs use'} it. Remove ${runs === 1 ? 'that run' : 'those runs'} first.`,
    { name, runs },
  )
}
