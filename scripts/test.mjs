// npm test [-- --only check|unit|window] [-- FILTER …]: installs what is missing and runs everything.
// Its last line is "N passed, N failed, N skipped".
import { ensureInstalled } from './install.mjs'

ensureInstalled()
await import('./node24.mjs')
await import('./test-steps.mjs')
