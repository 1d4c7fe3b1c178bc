/** `npm run tour`: pictures of every screen, kept in docs/tour. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { ensureBrowser } from './browser.mjs'

const root = path.resolve(import.meta.dirname, '..')
ensureBrowser()
const tool = path.join(root, 'scripts/tool.mjs')
const specs = ['tests/window/loan-example.spec.ts', 'tests/pictures']
const { status } = spawnSync(process.execPath, [tool, 'playwright', 'test', '--workers', '1', ...specs], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PLUMBLINE_TOUR: '1' },
})
process.exit(status ?? 1)
