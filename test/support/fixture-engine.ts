/** An engine process without a workspace, for tests of the hosts: everything is real but the services. */
import { PalateError } from '../../src-main/contract/errors.ts'
import { runEngineProcess } from '../../src-main/hosts/engine/process.ts'
import { fixtureHandlers } from './fixture-handlers.ts'

runEngineProcess(async ({ workspaceDir }) => {
  if (workspaceDir.endsWith('owned')) {
    throw new PalateError('WORKSPACE_OWNED', `${workspaceDir} is in use by process 1. Close the other Palate first.`, {
      workspace: workspaceDir,
      pid: 1,
    })
  }
  return { handlers: fixtureHandlers(), close: async () => undefined }
})
