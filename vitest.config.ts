import os from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The longest files start first, so that none of them is left alone at the end. */
const longest = [
  'engine/check/catalogue.test.ts',
  'nodes/train/tune/node.test.ts',
  'engine/run/interrupted.test.ts',
  'engine/run/custom/custom-nodes.test.ts',
  'engine/check/examples.test.ts',
  'engine/serve/explain-served.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => longest.findIndex((name) => moduleId.endsWith(name))
    const order = (file: TestSpecification) => (rank(file) < 0 ? longest.length : rank(file))
    return (await super.sort(files)).sort((a, b) => order(a) - order(b))
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Many tests start processes and wait for them: one worker more than cores leaves none idle.
    maxWorkers: os.availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    include: ['{engine,nodes,renderer,electron,scripts,bench,tests}/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
