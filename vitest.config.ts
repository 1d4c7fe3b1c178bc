import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    include: ['{engine,nodes,renderer,electron,scripts,bench,tests}/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
