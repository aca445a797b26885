import { oc } from '@orpc/contract'
import { errorDetails, type ErrorCode } from '../errors.ts'

type ErrorMap = { [C in ErrorCode]: { data: (typeof errorDetails)[C] } }

/** The start of every procedure: it may fail with any member of the closed union and with nothing else. */
export const procedure = oc.errors(
  Object.fromEntries(Object.entries(errorDetails).map(([code, data]) => [code, { data }])) as ErrorMap,
)
