import { openWebGpu } from '../../src-main/services/compute/open-webgpu.ts'
import { serveWebGpu } from '../../src-main/services/compute/tfjs-webgpu-server.ts'

/** A device that is gone in the middle of the second run: when its results are read. */
await serveWebGpu(async () => {
  const device = await openWebGpu()
  let runs = 0
  const tidy = ((work: () => never) => {
    const results = device.tf.tidy(work)
    if (Array.isArray(results) && ++runs === 2) device.destroy()
    return results
  }) as typeof device.tf.tidy
  return { ...device, tf: { ...device.tf, tidy } }
})
