import { plainExecutor } from '../../engine/compute/plain/plain-executor.ts'

/** What computes the networks here; stored with every run. */
export const defaultExecutor = plainExecutor.id
