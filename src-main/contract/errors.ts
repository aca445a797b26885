import * as z from 'zod'

/**
 * Every error that may cross a process wall, with the shape of its details.
 *
 * The union is closed: a service that meets something else wraps it as INTERNAL. The message of a PalateError always says
 * what happened, why, and what to do; `details` are for programs.
 */
export const errorDetails = {
  /** A path that does not exist or cannot be read. */
  PATH_NOT_FOUND: z.object({ path: z.string() }),
  /** No reader recognises the file or folder. */
  FORMAT_UNKNOWN: z.object({ path: z.string(), known: z.array(z.string()) }),
  /** The file holds no interactions at all. */
  FILE_EMPTY: z.object({ path: z.string() }),
  /** A line that cannot be read as its format says. `line` starts at 1. */
  ROW_INVALID: z.object({ path: z.string(), line: z.int(), byteOffset: z.int(), reason: z.string(), rawText: z.string() }),
  /** Too large, too many entries, encrypted: an input beyond its stated cap. */
  INPUT_REFUSED: z.object({ path: z.string(), reason: z.string() }),
  DATASET_NAME_TAKEN: z.object({ name: z.string() }),
  DATASET_NOT_FOUND: z.object({ name: z.string() }),
  DATASET_IN_USE: z.object({ name: z.string(), runs: z.int() }),
  MODEL_NOT_FOUND: z.object({ model: z.string(), known: z.array(z.string()) }),
  BENCHMARK_NOT_FOUND: z.object({ benchmark: z.string(), known: z.array(z.string()) }),
  PRESET_NOT_FOUND: z.object({ preset: z.string(), known: z.array(z.string()) }),
  /** One or more hyper-parameters are unknown, of the wrong type or outside their range; all of them at once. */
  PARAMS_INVALID: z.object({ issues: z.array(z.object({ name: z.string(), message: z.string() })) }),
  /** The data set cannot be split or trained on as asked. */
  DATA_UNSUITABLE: z.object({ reason: z.string() }),
  RUN_NOT_FOUND: z.object({ run: z.string() }),
  DUEL_NOT_FOUND: z.object({ duel: z.string() }),
  CONFIGURATION_NOT_FOUND: z.object({ configuration: z.string() }),
  CONFIGURATION_NAME_TAKEN: z.object({ name: z.string() }),
  LIVE_SESSION_NOT_FOUND: z.object({ session: z.string() }),
  /** It was answered or taken back elsewhere since the caller last saw it. */
  LIVE_SESSION_MOVED: z.object({ session: z.string(), answers: z.int() }),
  LIVE_BATCH_NOT_FOUND: z.object({ batch: z.string() }),
  /** The run is in a state that does not allow what was asked. */
  RUN_STATE: z.object({ run: z.string(), state: z.string(), wanted: z.string() }),
  /** No loadable checkpoint: damaged, or the run never wrote one. */
  CHECKPOINT_UNUSABLE: z.object({ run: z.string(), reason: z.string() }),
  /** A loss, gradient norm or parameter stopped being a finite number. */
  RUN_DIVERGED: z.object({ run: z.string(), update: z.int(), quantity: z.string() }),
  /** The process that trained the run ended without a word. */
  TRAINER_LOST: z.object({ run: z.string(), exit: z.string() }),
  /** An executor cannot be had here, or its device was lost. */
  BACKEND_UNAVAILABLE: z.object({ backend: z.string(), reason: z.string() }),
  /** What computed a run broke in the middle of it. */
  BACKEND_LOST: z.object({ backend: z.string(), reason: z.string() }),
  WORKSPACE_OWNED: z.object({ workspace: z.string(), pid: z.int() }),
  WORKSPACE_UNUSABLE: z.object({ workspace: z.string(), reason: z.string() }),
  SCHEMA_NEWER: z.object({ workspace: z.string(), found: z.int(), known: z.int() }),
  /** The web host's port is in use or needs privileges. */
  PORT_TAKEN: z.object({ port: z.int() }),
  DISK_FULL: z.object({ path: z.string() }),
  /** Where a data set is fetched from cannot be reached: no network, no such name, no answer, no trust. */
  NETWORK_UNREACHABLE: z.object({ url: z.string(), reason: z.string() }),
  /** The file did not come whole, or is not the file that was wanted. `keptBytes` of it need not come again. */
  DOWNLOAD_FAILED: z.object({ url: z.string(), reason: z.string(), keptBytes: z.int() }),
  /** Input that does not fit the schema of the call it was sent to. */
  INPUT_INVALID: z.object({ issues: z.array(z.object({ path: z.string(), message: z.string() })) }),
  CANCELLED: z.object({ what: z.string() }),
  /** The engine process is gone or does not answer. */
  ENGINE_UNREACHABLE: z.object({ reason: z.string() }),
  INTERNAL: z.object({ reason: z.string() }),
} as const

export type ErrorCode = keyof typeof errorDetails
export type ErrorDetails<C extends ErrorCode> = z.infer<(typeof errorDetails)[C]>

/** The one error class of the house. Its `name` stays `PalateError` on both sides of every wall. */
export class PalateError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'PalateError'
  readonly code: C
  readonly details: ErrorDetails<C>

  /**
   * @param code    which member of the closed union
   * @param message what happened, why, and what to do; one to three sentences for a person
   * @param details the facts for a program, by the schema of `code`
   */
  constructor(code: C, message: string, details: ErrorDetails<C>, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.details = details
  }
}

export function isPalateError(value: unknown): value is PalateError {
  return value instanceof PalateError
}

/** The form in which an error crosses a wall or is stored with a run. */
export const errorRecord = z.object({
  code: z.enum(Object.keys(errorDetails) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
})
export type ErrorRecord = z.infer<typeof errorRecord>

/** @returns `error` as a record; anything that is not a PalateError becomes INTERNAL, with its message kept. */
export function toErrorRecord(error: unknown): ErrorRecord {
  const known = toPalateError(error)
  return { code: known.code, message: known.message, details: { ...known.details } }
}

/** @returns `error` itself if it is ours, otherwise an INTERNAL that keeps it as its cause. */
export function toPalateError(error: unknown): PalateError {
  if (isPalateError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new PalateError(
    'INTERNAL',
    `Something inside Palate failed: ${reason}. This is a fault of the program, not of your data; please report it with the log.`,
    { reason },
    { cause: error },
  )
}

/** Rebuilds the error that `record` describes; details that do not fit their schema make it INTERNAL. */
export function fromErrorRecord(record: unknown): PalateError {
  const parsed = errorRecord.safeParse(record)
  if (!parsed.success) return toPalateError(record)
  const { code, message } = parsed.data
  const details = errorDetails[code].safeParse(parsed.data.details)
  return details.success ? new PalateError(code, message, details.data as never) : toPalateError(new Error(message))
}
