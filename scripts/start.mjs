// npm start [-- [FILE] [--no-window] [--browser] [--electron] [--project DIR]]: opens the app, the example when no file is named.
import { ensureInstalled } from './install.mjs'

ensureInstalled()
await import('./node24.mjs')
await import('./open.mjs')
