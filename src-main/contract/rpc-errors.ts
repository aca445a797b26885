import { ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import { errorDetails, fromErrorRecord, isPalateError, PalateError, toPalateError, type ErrorCode } from './errors.ts'

/**
 * What a server sends instead of `error`: always a member of the closed union, with `details` as its data.
 *
 * Input that fails the contract's schema becomes INPUT_INVALID with every issue; output that fails it becomes INTERNAL,
 * because that is our fault and not the caller's.
 */
export function toRpcError(error: unknown): ORPCError<ErrorCode, unknown> {
  const known = toKnownError(error)
  return new ORPCError(known.code, { message: known.message, data: known.details, cause: error })
}

/**
 * What a client throws for `error`, which came from a call it made.
 *
 * @param aborted whether the caller itself gave up; then the error is CANCELLED whatever the transport says
 */
export function fromRpcError(error: unknown, aborted = false): PalateError {
  if (aborted) {
    return new PalateError('CANCELLED', 'The call was cancelled because its caller no longer waits for it.', { what: 'call' })
  }
  if (isPalateError(error)) return error
  if (!(error instanceof ORPCError)) return engineUnreachable(error instanceof Error ? error.message : String(error))
  if (!Object.hasOwn(errorDetails, error.code)) return toPalateError(error)
  const { code, message, data } = error as { code: string; message: string; data: unknown }
  return fromErrorRecord({ code, message, details: data ?? {} })
}

/** The error of every call that cannot reach the engine process. */
export function engineUnreachable(reason: string): PalateError<'ENGINE_UNREACHABLE'> {
  return new PalateError(
    'ENGINE_UNREACHABLE',
    'The engine does not answer: the connection to it is closed. Palate connects again by itself; if it stays away, start Palate again.',
    { reason },
  )
}

function toKnownError(error: unknown): PalateError {
  if (!(error instanceof ORPCError)) return toPalateError(error)
  const invalid = error.cause instanceof ValidationError ? error.cause : undefined
  const issues = invalid ? invalid.issues.map(readIssue) : []
  if (error.code !== 'BAD_REQUEST') {
    const text = issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ')
    return toPalateError(new Error(text ? `${error.message} (${text})` : error.message, { cause: error }))
  }
  const listed = issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message))
  const what = listed.length > 0 ? listed.join('; ') : 'it could not be decoded'
  return new PalateError('INPUT_INVALID', `The input does not fit this call: ${what}. Correct it and try again.`, { issues })
}

/** The issue of any standard schema; path segments come as keys or as `{ key }`. */
function readIssue(issue: { message: string; path?: unknown }): { path: string; message: string } {
  const segments: readonly unknown[] = Array.isArray(issue.path) ? issue.path : []
  const path = segments.map((segment) => {
    const isObject = typeof segment === 'object' && segment !== null && 'key' in segment
    return String(isObject ? segment.key : segment)
  })
  return { path: path.join('.'), message: issue.message.replace(/\.$/, '') }
}
