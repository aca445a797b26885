import { defineConfig } from '@playwright/test'
import { findChromium } from './test/support/browser.ts'

const { executablePath, args, env } = await findChromium()

/** The tests of the whole program in a real browser, against a real web host. They need the build: run `npm run test:e2e`. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  // A model trains in these tests: on two cores a second worker would only make both miss their times.
  workers: 1,
  fullyParallel: false,
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
