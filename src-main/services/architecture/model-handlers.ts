import type { ComputeService } from '../compute/compute-service.ts'
import type { Handlers } from '../handlers.ts'
import type { EngineCatalogue } from '../models.ts'
import type { Workspace } from '../workspace.ts'
import { describe, estimateTraining, sizesOf, type DescribeInput } from './describe.ts'

export function createModelHandlers(
  catalogue: EngineCatalogue,
  workspace: Workspace,
  compute: ComputeService,
): Handlers['models'] {
  const described = async (input: DescribeInput) => describe(catalogue, input, await sizesOf(workspace, catalogue, input))
  return {
    describe: described,
    estimate: async (input) => estimateTraining(await described(input), compute),
    list: () => Promise.resolve([...catalogue.models]),
    protocols: () => Promise.resolve([...catalogue.protocols]),
    metrics: () => Promise.resolve([...catalogue.metrics]),
  }
}
