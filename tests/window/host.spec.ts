import path from 'node:path'
import { expect, test } from '@playwright/test'
import { startApp, startInFolder, watchPage } from './open-app.ts'

let app: Awaited<ReturnType<typeof startInFolder>>

test.beforeAll(async () => {
  app = await startInFolder('window', 'loan-approval.plumb.json')
})
test.afterAll(() => app?.stop())

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

  const made = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.inline = true'
    document.head.append(script)
    const evaluated = new Promise((resolve) => {
      setTimeout(() => {
        try {
          resolve(new Function('return "made"')())
        } catch (error) {
          resolve((error as Error).name)
        }
      })
    })
    return { inline: 'inline' in window, evaluated: await evaluated }
  })
  expect(made).toEqual({ inline: false, evaluated: 'EvalError' })
})

test('the address works once: another window with it reaches no engine', async ({ browser }) => {
  const own = await startApp([path.join(app.folder, 'loan-approval.plumb.json')])
  const open = async () => {
    const page = await (await browser.newContext()).newPage()
    const sockets: string[] = []
    page.on('websocket', (socket) => sockets.push(socket.url()))
    const answered = page.waitForResponse((response) => response.url().endsWith('/session'))
    await page.goto(own.address)
    return { page, sockets, status: (await answered).status() }
  }
  const first = await open()
  await expect(first.page.locator('.react-flow__node').first()).toBeVisible()
  expect([first.status, first.sockets.length]).toEqual([200, 1])
  const second = await open()
  expect(second.status).toBe(401)
  await expect(second.page.locator('body')).toContainText(/\w/)
  expect(second.sockets).toEqual([])
  await Promise.all([first.page.context().close(), second.page.context().close()])
  await own.stop()
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
