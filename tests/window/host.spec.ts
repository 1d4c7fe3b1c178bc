import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
let folder = ''
let app: RunningApp

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-window-'))
  for (const name of readdirSync(examples).filter((name) => !name.startsWith('.')))
    cpSync(path.join(examples, name), path.join(folder, name), { recursive: true })
  app = await startApp([path.join(folder, 'loan-approval.plumb.json')])
})
test.afterAll(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the app opens the example over loopback, without an error and without another host', async ({
  page,
  context,
}) => {
  const watched = watchPage(page)
  await page.goto(app.address)
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  expect(page.url()).not.toContain('code=')
  expect(await context.cookies()).toEqual([])

  await page.reload()
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  watched.expectNone()

  const eval_ = await page.evaluate(() => {
    try {
      return String(new Function('return 1')())
    } catch (error) {
      return (error as Error).name
    }
  })
  expect(eval_).toBe('EvalError')
})

test('the address works once: another window with it reaches no engine', async ({ browser }) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const sockets: string[] = []
  page.on('websocket', (socket) => sockets.push(socket.url()))
  const answered = page.waitForResponse((response) => response.url().endsWith('/session'))
  await page.goto(app.address)
  expect((await answered).status()).toBe(401)
  await expect(page.locator('body')).not.toBeEmpty()
  expect(sockets).toEqual([])
  await context.close()
})

test('another page of the same browser reads nothing from the host', async ({ page }) => {
  const { origin } = new URL(app.address)
  await page.route('http://evil.example/', (route) => route.fulfill({ contentType: 'text/html', body: '<p>evil</p>' }))
  await page.goto('http://evil.example/')
  const tries = await page.evaluate(async (host) => {
    const read = await fetch(host).then(
      () => 'read',
      () => 'refused',
    )
    const posted = await fetch(`${host}/session`, { method: 'POST', body: '{}' }).then(
      () => 'read',
      () => 'refused',
    )
    const socket = await new Promise<string>((resolve) => {
      const tried = new WebSocket(`${host.replace('http', 'ws')}/engine`)
      tried.onopen = () => resolve('open')
      tried.onerror = () => resolve('refused')
    })
    return { read, posted, socket }
  }, origin)
  expect(tries).toEqual({ read: 'refused', posted: 'refused', socket: 'refused' })
})
