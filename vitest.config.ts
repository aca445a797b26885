import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { keepCompiled } from './test/support/compile-cache.ts'

keepCompiled()

const setupFiles = ['test/support/fail-on-console.ts']

/**
 * Four kinds of tests. Those that compute run in worker threads; those that open SQLite files or change the process run in
 * processes, and so do those that start programs and wait for what they say (command line, tools, the shell's double); those
 * that watch a program's clock or memory (hosts, browsers, attacks) run one after another, because each would slow the other's.
 */
export default defineConfig({
  test: {
    // Threads and memory of a small machine: two workers are as fast as more on two cores.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        plugins: [vue()],
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/{storage,services}/**'],
          pool: 'threads',
          setupFiles,
        },
      },
      {
        test: {
          name: 'storage',
          include: [
            'test/{storage,contract,conformance,learning,golden}/**/*.test.ts',
            'test/unit/{storage,services}/**/*.test.ts',
          ],
          pool: 'forks',
          testTimeout: 60_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'commands',
          include: ['test/{cli,electron,tooling}/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          setupFiles,
        },
      },
      {
        test: {
          name: 'processes',
          include: ['test/{exploits,support,compute}/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          setupFiles,
        },
      },
    ],
  },
})
