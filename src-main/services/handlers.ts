import type { AnySchema, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { Contract } from '../contract/api/contract.ts'

type InputOf<P> =
  P extends ContractProcedure<infer I extends AnySchema, infer _O, infer _E, infer _M> ? InferSchemaOutput<I> : never
type ResultOf<P> =
  P extends ContractProcedure<infer _I, infer O extends AnySchema, infer _E, infer _M> ? InferSchemaInput<O> : never

/** What a handler knows of its caller beside the input: an aborted signal means that nobody waits for the answer any more. */
export interface CallContext {
  readonly signal?: AbortSignal | undefined
}

/**
 * What services implement: one function per procedure, its input already validated by the contract. A subscription
 * returns an async generator; ending it (or aborting the signal) cancels the work behind it.
 */
export type Handlers = {
  readonly [D in keyof Contract]: {
    readonly [P in keyof Contract[D]]: (
      input: InputOf<Contract[D][P]>,
      context: CallContext,
    ) => ResultOf<Contract[D][P]> extends AsyncIteratorObject<infer T, infer _R, infer _N>
      ? AsyncGenerator<T, void, void>
      : Promise<ResultOf<Contract[D][P]>>
  }
}
