// Writes loans.csv beside itself: node scripts/tool.mjs examples/generate-loans.ts
import { writeFileSync } from 'node:fs'
import { csvText } from '#ml/sample/csv-text'
import { sampleLoans } from '#ml/sample/loans'

const { frame } = sampleLoans({ rows: 10_000, seed: 1 })
writeFileSync(new URL('loans.csv', import.meta.url), csvText(frame))
