import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

let loading: Promise<unknown> | null = null

/**
 * Registers the gradients that TensorFlow.js comes with. Its build for Node leaves them out, and the modules that hold them
 * leave out the endings of the files they import, which bundlers put up with and Node does not: so they are added here,
 * while these modules are loaded. Registries and engine are shared by all copies of the package in a process.
 */
export async function registerTfjsGradients(): Promise<void> {
  loading ??= loadWithEndings()
  await loading
}

async function loadWithEndings(): Promise<unknown> {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const { parentURL } = context
      if (parentURL === undefined || !/\/@tensorflow\/tfjs-core\/dist\//.test(parentURL) || !/^\.\.?\//.test(specifier)) {
        return nextResolve(specifier, context)
      }
      const file = [`${specifier}.js`, `${specifier}/index.js`, specifier]
        .map((path) => new URL(path, parentURL).href)
        .find((url) => url.endsWith('.js') && existsSync(fileURLToPath(url)))
      return file === undefined ? nextResolve(specifier, context) : { url: file, format: 'module', shortCircuit: true }
    },
  })
  try {
    return await import('@tensorflow/tfjs-core/dist/register_all_gradients.js')
  } finally {
    hooks.deregister()
  }
}
