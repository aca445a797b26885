import { PalateError } from '../../contract/errors.ts'

export function refusedBundle(path: string, reason: string): PalateError<'INPUT_REFUSED'> {
  return new PalateError('INPUT_REFUSED', `${path} was not opened: ${reason}. Nothing was kept.`, { path, reason })
}

export function bundlePathNotFound(path: string, error: unknown): PalateError<'PATH_NOT_FOUND'> {
  return new PalateError(
    'PATH_NOT_FOUND',
    `There is no bundle at ${path}. Check the path and your permission to read it.`,
    { path },
    { cause: error },
  )
}

export function cancelledBundle(what: string): PalateError<'CANCELLED'> {
  return new PalateError('CANCELLED', `The ${what} was cancelled. Nothing was changed.`, { what })
}
