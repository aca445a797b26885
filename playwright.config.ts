import { defineConfig } from '@playwright/test'
import { findChromium } from './test/support/browser.ts'
import { keepCompiled } from './test/support/compile-cache.ts'

keepCompiled()

const { executablePath, args, env } = await findChromium()

/** Specs in which models train. In the others nothing computes for long: most have an engine that is faked behind the real page. */
const withTraining = [
  'builder',
  'bundle',
  'compare',
  'main-job',
  'queue-and-shell',
  'walk-through-live',
  'walk-through-window',
].map((name) => `**/${name}.spec.ts`)

/** The tests of the whole program in a real browser, against a real web host. They need the build: run `npm run test:e2e`. */
export default defineConfig({
  testDir: 'test/e2e',
  projects: [
    {
      name: 'pages',
      outputDir: 'test-results/pages',
      testMatch: '**/*.spec.ts',
      testIgnore: withTraining,
      fullyParallel: true,
      workers: 2,
    },
    // On two cores a second worker would only make both miss their times.
    {
      name: 'training',
      outputDir: 'test-results/training',
      testMatch: withTraining,
      fullyParallel: false,
      workers: 1,
      dependencies: ['pages'],
    },
  ],
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args, env },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
})
