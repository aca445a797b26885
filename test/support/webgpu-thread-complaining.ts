import { openWebGpu } from '../../src-main/services/compute/open-webgpu.ts'
import { serveWebGpu } from '../../src-main/services/compute/tfjs-webgpu-server.ts'

/** A device that does not have room for the first run. */
await serveWebGpu(async () => {
  const complaints = ['out of memory']
  return { ...(await openWebGpu()), takeComplaint: () => complaints.pop() ?? null }
})
