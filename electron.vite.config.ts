import path from 'node:path'
import { defineConfig } from 'electron-vite'
import { rendererPlugins } from './build/vite/renderer-plugins.ts'

const root = import.meta.dirname
const host = (name: string) => path.join(root, 'src-main/hosts', name)

/** One entry per process. Each is started by its path in `out/main`, so the names are part of the program. */
const entries = {
  electron: host('electron/main.ts'),
  engine: host('engine/main.ts'),
  trainer: host('trainer/main.ts'),
  web: host('web/main.ts'),
  cli: host('cli/main.ts'),
  // A thread, not a process: started by its path all the same.
  'tfjs-webgpu-worker': path.join(root, 'src-main/services/compute/tfjs-webgpu-worker.ts'),
}

/**
 * Loaded from node_modules when the program runs: what has native code (sqlite3, TensorFlow, Dawn), what Electron supplies, and
 * the two native helpers of `ws`, which it does without when they are missing. Everything else is bundled, so that the
 * command line starts in a fraction of a second.
 */
const external = ['electron', 'sqlite3', /^@tensorflow\//, 'webgpu', 'bufferutil', 'utf-8-validate', /^node:/]

/** Where the bundles go. `ensure-built.mjs` builds beside the bundles in use and then puts the new ones in their place. */
const out = process.env['PALATE_BUILD_OUT'] ?? 'out'

const version = JSON.stringify((await import('./package.json', { with: { type: 'json' } })).default.version)

export default defineConfig({
  main: {
    define: { __PALATE_VERSION__: version },
    build: {
      outDir: `${out}/main`,
      target: 'node24',
      externalizeDeps: false,
      rolldownOptions: {
        input: entries,
        external,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Beside the entries, not in a folder of their own: a module that is shared by two entries is moved into a chunk,
          // and its `import.meta.url` must still be in `out/main`.
          chunkFileNames: 'chunk-[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      outDir: `${out}/preload`,
      target: 'node24',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: host('electron/preload.ts') },
        external: ['electron'],
        // A sandboxed preload script can only be CommonJS, in one file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: path.join(root, 'src-renderer'),
    plugins: rendererPlugins(root),
    define: { __PALATE_VERSION__: version },
    build: {
      outDir: `${out}/renderer`,
      minify: true,
      // No polyfill: it would be a script in line, which the content security policy forbids.
      modulePreload: { polyfill: false },
      // Never a data: URL for scripts, fonts or workers: the policy allows them from the program's own origin only.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: path.join(root, 'src-renderer/index.html') },
    },
  },
})
