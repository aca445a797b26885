import type { AnySchema, ContractProcedure, InferSchemaOutput } from '@orpc/contract'
import { PalateError } from '../../contract/errors.ts'

type InputOf<P> =
  P extends ContractProcedure<infer I extends AnySchema, infer _O, infer _E, infer _M> ? InferSchemaOutput<I> : never

/**
 * Checks a call's input by the contract, as a transport would: handlers take what is already valid.
 *
 * @throws PalateError INPUT_INVALID with every issue
 */
export async function validated<P extends { '~orpc': { inputSchema?: AnySchema | undefined } }>(
  procedure: P,
  input: unknown,
): Promise<InputOf<P>> {
  const schema = procedure['~orpc'].inputSchema
  if (!schema) return undefined as InputOf<P>
  const result = await schema['~standard'].validate(input)
  if (!result.issues) return result.value as InputOf<P>
  const issues = result.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message: issue.message,
  }))
  const message = issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)).join(' ')
  throw new PalateError('INPUT_INVALID', `The command line does not fit: ${message} See: palate --help`, { issues })
}
