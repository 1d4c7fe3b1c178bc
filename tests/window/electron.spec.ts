import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { sandboxed } from '../../scripts/browser.mjs'
import { findElectron } from '../../scripts/electron.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const program = findElectron(root)
const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

test.skip(!program, 'Electron’s program is not on this machine.')
test.skip(!display, 'There is no display for Electron’s window.')

test('the desktop host opens the example, locked down, with the engine in its own process', async () => {
  const { ensureBuilt } = await import('../../scripts/build.mjs')
  await ensureBuilt('client')
  await ensureBuilt('desktop')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-desktop-'))
  cpSync(path.join(root, 'examples'), folder, { recursive: true, filter: (name) => !name.includes('.plumbline') })
  const app = await _electron.launch({
    executablePath: program!,
    args: [...(sandboxed ? [] : ['--no-sandbox']), root, path.join(folder, 'loan-approval.plumb.json')],
  })
  try {
    const page = await app.firstWindow()
    await expect(page.locator('.react-flow__node').first()).toBeVisible()
    const reached = await page.evaluate(() => ({
      node: 'process' in globalThis || 'require' in globalThis,
      bridge: Object.keys((globalThis as unknown as { plumblineHost: object }).plumblineHost).sort(),
      opened: window.open('https://example.org/') === null,
    }))
    expect(reached).toEqual({
      node: false,
      bridge: ['kind', 'onCommand', 'pickFile', 'requestEngine', 'saveFile', 'setTitle'],
      opened: true,
    })
    await page.evaluate(() => location.assign('https://example.org/'))
    expect(page.url()).toMatch(/^app:\/\/plumbline\//)
  } finally {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
