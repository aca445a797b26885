import { openWebGpu } from './open-webgpu.ts'
import { serveWebGpu } from './tfjs-webgpu-server.ts'

await serveWebGpu(openWebGpu)
