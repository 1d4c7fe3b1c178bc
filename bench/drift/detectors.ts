/**
 * node scripts/tool.mjs bench/drift/detectors.ts [SEEDS]: how late every drift detector is, what it misses and how often
 * it cries wolf, on errors from our own seeded generator. With 60 seeds, the default, it prints the table of
 * docs/drift.md.
 */
import { delayTable } from './delay-table.ts'

console.log(delayTable(Number(process.argv[2] ?? 60)))
