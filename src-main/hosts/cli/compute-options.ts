import { backendId, maxThreads, type BackendId, type ThreadCount } from '../../contract/dto/system.ts'
import { oneOf, usageError } from './arguments.ts'

export interface ComputeOptions {
  readonly backend?: string
  readonly threads?: string
}

/** `--backend` and `--threads`, understood; what is not given stays open. */
export function computeOptions(options: ComputeOptions): { backend?: BackendId; threads?: ThreadCount } {
  return {
    ...(options.backend === undefined ? {} : { backend: oneOf('--backend', options.backend, backendId.options) }),
    ...(options.threads === undefined ? {} : { threads: threadsOf(options.threads) }),
  }
}

function threadsOf(text: string): ThreadCount {
  if (text.trim() === 'auto') return 'auto'
  const threads = /^\d{1,3}$/.test(text.trim()) ? Number(text) : NaN
  if (threads >= 1 && threads <= maxThreads) return threads
  throw usageError('--threads', `--threads wants a whole number from 1 to ${maxThreads} or "auto", not "${text}".`)
}
