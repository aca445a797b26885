import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { plainNodeBinary } from '../runs/trainer-launch.ts'
import { packageVersion, reasonOf } from './loaded-backend.ts'
import { nodeUtilShimCode } from './node-util-shim.ts'

/** Backends with native code, each with the package that brings it and a script that says what it finds or fails. */
const probes = {
  'tfjs-node-gpu': {
    packageName: '@tensorflow/tfjs-node-gpu',
    script: (entry: string) => `${nodeUtilShimCode}
      const tf = require(${JSON.stringify(entry)})
      if (!tf.backend().isUsingGpuDevice) throw new Error('it loads, but finds no CUDA device')
      console.log('TensorFlow ' + tf.version.tensorflow)`,
  },
  'tfjs-webgpu': {
    packageName: 'webgpu',
    script: (entry: string) => `import(${JSON.stringify(pathToFileURL(entry).href)}).then(async ({ create }) => {
      const adapter = await create([]).requestAdapter()
      if (!adapter) throw new Error('there is no GPU, or no Vulkan driver for it')
      console.log(adapter.info.description || adapter.info.vendor)
      process.exit(0)
    })`,
  },
} as const

export type NativeBackend = keyof typeof probes

export type ProbeResult =
  | { readonly state: 'works'; readonly found: string }
  | { readonly state: 'not-installed'; readonly packageName: string }
  /** It is installed, and fails or crashes. */
  | { readonly state: 'fails'; readonly packageName: string; readonly reason: string }

/** Tries a backend in a process of its own: one that crashes, hangs or claims the GPU does so there. Never throws. */
export async function probeBackend(backend: NativeBackend, timeoutMs = 20_000): Promise<ProbeResult> {
  const { packageName, script } = probes[backend]
  if (packageVersion(packageName) === null) return { state: 'not-installed', packageName }
  try {
    const entry = createRequire(import.meta.url).resolve(packageName)
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL' } as const
    const { stdout } = await promisify(execFile)(plainNodeBinary(), ['-e', script(entry)], options)
    return { state: 'works', found: stdout.trim().split('\n').at(-1)! }
  } catch (error) {
    return { state: 'fails', packageName, reason: failureOf(error, timeoutMs) }
  }
}

/** What the process said last before it failed, else how it ended. */
function failureOf(error: unknown, timeoutMs: number): string {
  if (typeof error !== 'object' || error === null) return reasonOf(error)
  if (Reflect.get(error, 'killed') === true) return `no answer within ${timeoutMs / 1000} s`
  const signal: unknown = Reflect.get(error, 'signal')
  if (typeof signal === 'string') return `it crashed with ${signal}`
  const stderr: unknown = Reflect.get(error, 'stderr')
  const thrown = typeof stderr === 'string' ? stderr.split('\n').find((line) => /^(\w*Error|Error)\b.*: /.test(line)) : undefined
  return thrown ? thrown.replace(/^.*?Error[^:]*: /, '').replace(/\.$/, '') : reasonOf(error)
}
