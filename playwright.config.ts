import { defineConfig } from '@playwright/test'
import { findBrowser, quietSwitches, sandboxed } from './scripts/browser.mjs'

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE

export default defineConfig({
  testDir: process.env.PLUMBLINE_TOUR ? 'tests' : 'tests/window',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Each test has an app of its own and mostly waits for it.
  workers: 2,
  retries: 0,
  outputDir: 'test-results',
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      chromiumSandbox: sandboxed,
      args: quietSwitches,
    },
  },
})
