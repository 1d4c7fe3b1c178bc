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

const files = '**/*.test.{ts,tsx}'
const all = [`{engine,nodes,renderer,electron,scripts,bench,tests}/${files}`]
const pure = [`engine/{contract,graph,ml,report}/${files}`, `{nodes,renderer}/${files}`]

export default defineConfig({
  test: {
    pool: 'forks',
    // Many tests start processes and wait for them: one worker a core leaves none idle.
    maxWorkers: os.availableParallelism(),
    sequence: { sequencer: LongestFirst },
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    projects: [
      // Rooms that keep nothing between calls: their files share a process, which is a fifth of the time.
      { extends: true, test: { name: 'pure', isolate: false, include: pure } },
      { extends: true, test: { name: 'apart', include: all, exclude: [...pure, '**/node_modules/**'] } },
    ],
  },
})
