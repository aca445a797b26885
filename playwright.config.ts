import { defineConfig } from '@playwright/test'
import { findChromium } from './test/support/browser.ts'

const { executablePath, args, env } = await findChromium()

/** Specs that start a real lab: models train in them. All others have an engine that is faked behind the real page. */
const withLab = [
  'builder',
  'bundle',
  'compare',
  'get-movielens',
  'import',
  'import-wizard',
  'main-job',
  'queue-and-shell',
  'walk-through-live',
  'walk-through-window',
].map((name) => `**/${name}.spec.ts`)

/** The tests of the whole program in a real browser, against a real web host. They need the build: run `npm run test:e2e`. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  projects: [
    { name: 'pages', testMatch: '**/*.spec.ts', testIgnore: withLab, fullyParallel: true, workers: 2 },
    // A model trains in these: on two cores a second worker would only make both miss their times.
    { name: 'lab', testMatch: withLab, fullyParallel: false, workers: 1, dependencies: ['pages'] },
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
