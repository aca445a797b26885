import type { ErrorCode } from '../../contract/errors.ts'

/** Messages are the same in every host; here they are followed by the flag or command that does what they say. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  ROW_INVALID: '--on-bad-row skip',
  FORMAT_UNKNOWN: '--format NAME',
  DATASET_NAME_TAKEN: '--name NAME',
  WORKSPACE_OWNED: '--workspace FOLDER',
  WORKSPACE_UNUSABLE: '--workspace FOLDER',
  SCHEMA_NEWER: '--workspace FOLDER',
  BACKEND_UNAVAILABLE: '--backend NAME, palate doctor',
  BACKEND_LOST: '--backend NAME, palate doctor',
  PARAMS_INVALID: 'palate models MODEL',
}

/** @returns a line without its end, or null where there is nothing to add */
export function hintFor(code: ErrorCode): string | null {
  const hint = HINTS[code]
  return hint === undefined ? null : `palate: on the command line: ${hint}`
}
