import { isPalateError, type ErrorCode } from '../../contract/errors.ts'

export const exitOk = 0
export const exitFailed = 1
export const exitUsage = 2

/**
 * Errors in what was typed, which no workspace and no file could make right. A path, data set or run that is not there
 * is not among them: the same command line succeeds once it is.
 */
const usageErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INPUT_INVALID',
  'PARAMS_INVALID',
  'MODEL_NOT_FOUND',
  'PRESET_NOT_FOUND',
  'BENCHMARK_NOT_FOUND',
])

export function exitCodeOf(error: unknown): number {
  return isPalateError(error) && usageErrors.has(error.code) ? exitUsage : exitFailed
}
