/** `npm run tour`: the end-to-end test once more, keeping its pictures in docs/tour. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureBrowser } from './browser.mjs'

const root = path.resolve(import.meta.dirname, '..')
ensureBrowser()
const tool = path.join(root, 'scripts/tool.mjs')
const { status } = spawnSync(process.execPath, [tool, 'playwright', 'test', 'tests/window/loan-example.spec.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PLUMBLINE_TOUR: '1' },
})
process.exit(status ?? 1)
