import { isPalateError } from '../../contract/errors.ts'
import { GraphError, type Executor, type Program } from '../../engine/compute/types.ts'
import { backendLost } from './loaded-backend.ts'

/**
 * The same executor, but what breaks inside it (a lost device, a trap, a thread that died) is a BACKEND_LOST, so that it can
 * be told from a mistake in a model or in data. Those stay as they are: GraphError, and every other PalateError. The passes are
 * those of the executor: plain JavaScript, or a kernel runtime that names its own end.
 */
export function guardedExecutor(executor: Executor): Executor {
  const backend = executor.id
  return {
    ...executor,
    compile(graph) {
      try {
        return guardedProgram(executor.compile(graph), backend)
      } catch (error) {
        throw explained(error, backend)
      }
    },
  }
}

function explained(error: unknown, backend: string): unknown {
  return isOfTheUser(error) ? error : backendLost(backend, error)
}

/** A GraphError names what is wrong with a graph or its input; only a backend says that it is not available any more. */
function isOfTheUser(error: unknown): boolean {
  return error instanceof GraphError || (isPalateError(error) && error.code !== 'BACKEND_UNAVAILABLE')
}

/** Written out, because `run` is called for every step: it must make no closure. */
function guardedProgram(program: Program, backend: string): Program {
  return {
    graph: program.graph,
    memoryBytes: program.memoryBytes,
    outputs: program.outputs,
    run(bindings) {
      try {
        return program.run(bindings)
      } catch (error) {
        throw explained(error, backend)
      }
    },
  }
}

/** Written out for the same reason. */
