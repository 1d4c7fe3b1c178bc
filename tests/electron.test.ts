/** The desktop host as it runs, with Electron itself stood in for: what is locked, who may ask, how the engine is reached. */
import type { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { engineLostMessage, enginePortMessage } from '#contract'

type Listener = (...given: never[]) => unknown

const seen = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events')
  const contents = Object.assign(new EventEmitter(), {
    openHandler: undefined as Listener | undefined,
    setWindowOpenHandler(handler: Listener) {
      this.openHandler = handler
    },
    send: (..._given: unknown[]) => {},
    postMessage: (..._given: unknown[]) => {},
  })
  return {
    contents,
    app: Object.assign(new EventEmitter(), {
      isPackaged: false,
      sandboxed: false,
      enableSandbox() {
        this.sandboxed = true
      },
      whenReady: () => Promise.resolve(),
      getPath: (name: string) => `/users/ada/${name}`,
      quit() {},
    }),
    handlers: new Map<string, Listener>(),
    listeners: new Map<string, Listener>(),
    windows: [] as Record<string, never>[],
    loaded: [] as string[],
    titles: [] as string[],
    schemes: [] as unknown[],
    serve: undefined as Listener | undefined,
    permissionRequest: undefined as Listener | undefined,
    permissionCheck: undefined as Listener | undefined,
    forks: [] as { module: string; given: string[]; process: StandInProcess }[],
    dialogs: { open: [] as string[], save: undefined as string | undefined, asked: [] as unknown[] },
    exposed: new Map<string, unknown>(),
    renderer: new EventEmitter(),
    invoked: [] as unknown[][],
    menu: undefined as { submenu?: { label?: string; click?: Listener }[] }[] | undefined,
  }
})

interface StandInProcess extends EventEmitter {
  stderr: EventEmitter
  sent: { message: unknown; ports: readonly unknown[] }[]
  killed: boolean
  pid: number
}

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  const { MessageChannel } = await import('node:worker_threads')
  class BrowserWindow {
    webContents = seen.contents
    constructor(options: Record<string, never>) {
      seen.windows.push(options)
      seen.app.emit('web-contents-created', {}, seen.contents)
    }
    once() {}
    show() {}
    isDestroyed() {
      return false
    }
    setTitle(text: string) {
      seen.titles.push(text)
    }
    async loadURL(address: string) {
      seen.loaded.push(address)
    }
  }
  return {
    app: seen.app,
    BrowserWindow,
    MessageChannelMain: MessageChannel,
    Menu: { setApplicationMenu: () => {}, buildFromTemplate: (template: never) => (seen.menu = template) },
    nativeTheme: { shouldUseDarkColors: false },
    ipcMain: {
      handle: (channel: string, handler: Listener) => seen.handlers.set(channel, handler),
      on: (channel: string, listener: Listener) => seen.listeners.set(channel, listener),
    },
    dialog: {
      showOpenDialog: async (_window: unknown, asked: unknown) => {
        seen.dialogs.asked.push(asked)
        return { filePaths: seen.dialogs.open }
      },
      showSaveDialog: async (_window: unknown, asked: unknown) => {
        seen.dialogs.asked.push(asked)
        return { filePath: seen.dialogs.save }
      },
    },
    protocol: {
      registerSchemesAsPrivileged: (schemes: unknown[]) => seen.schemes.push(...schemes),
      handle: (_scheme: string, handler: Listener) => (seen.serve = handler),
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: Listener) => (seen.permissionRequest = handler),
        setPermissionCheckHandler: (handler: Listener) => (seen.permissionCheck = handler),
      },
    },
    utilityProcess: {
      fork: (module: string, given: string[]) => {
        const process = Object.assign(new EventEmitter(), {
          stderr: new EventEmitter(),
          sent: [] as StandInProcess['sent'],
          killed: false,
          pid: 4_000 + seen.forks.length,
          postMessage(message: unknown, ports: readonly unknown[] = []) {
            this.sent.push({ message, ports })
          },
          kill() {
            this.killed = true
          },
        })
        seen.forks.push({ module, given, process })
        return process
      },
    },
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => seen.exposed.set(name, value) },
    ipcRenderer: {
      on: (channel: string, listener: Listener) => seen.renderer.on(channel, listener as never),
      send: (...given: unknown[]) => seen.invoked.push(given),
      invoke: async (...given: unknown[]) => seen.invoked.push(given),
    },
  }
})

const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-electron-'))
const file = path.join(folder, 'a.plumb.json')
const page = { senderFrame: { url: 'app://plumbline/?file=x', parent: null }, sender: seen.contents }
const strangers = [
  { senderFrame: null },
  { senderFrame: { url: 'https://evil.example/', parent: null } },
  { senderFrame: { url: 'app://plumbline.evil/', parent: null } },
  { senderFrame: { url: 'app://plumbline/', parent: {} } },
]

beforeAll(async () => {
  process.argv = ['electron', '--no-sandbox', folder, `--project=${folder}`, file]
  await (await import('../electron/main.ts')).ready
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  seen.dialogs.asked.length = 0
})

describe('the window', () => {
  test('is sandboxed, isolated and without Node', () => {
    expect(seen.app.sandboxed).toBe(true)
    expect(seen.windows[0]!.webPreferences).toEqual({
      preload: expect.stringMatching(/preload[\\/]preload\.cjs$/),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
  })

  test('opens the app on the given file over its own scheme', () => {
    expect(seen.loaded).toEqual([`app://plumbline/?file=${encodeURIComponent(file)}`])
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  test.each(['will-navigate', 'will-redirect', 'will-attach-webview'])('%s is denied', (event) => {
    const preventDefault = vi.fn()
    expect(seen.contents.listenerCount(event)).toBe(1)
    seen.contents.emit(event, { preventDefault }, 'https://evil.example/')
    expect(preventDefault).toHaveBeenCalledOnce()
  })

  test('no other window opens and no permission is given', () => {
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'app://plumbline/'])
      expect(seen.contents.openHandler!({ url } as never)).toEqual({ action: 'deny' })
    const answer = vi.fn()
    seen.permissionRequest!(null as never, 'media' as never, answer as never)
    expect(answer).toHaveBeenCalledWith(false)
    expect(seen.permissionCheck!()).toBe(false)
  })
})

describe('the app scheme', () => {
  const get = (url: string) => seen.serve!({ url } as never) as Promise<Response>

  test('serves nothing outside the built page', async () => {
    expect((await get('app://plumbline/..%2f..%2fpackage.json')).status).toBe(403)
    expect((await get('app://plumbline/%5c..%5cpackage.json')).status).toBe(400)
    expect((await get('app://other/index.html')).status).toBe(400)
    expect((await get('app://plumbline/assets/none.js')).status).toBe(404)
  })

  test('says on every answer what a page may load', async () => {
    const policy = (await get('app://plumbline/none')).headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).not.toMatch(/unsafe-eval|https?:|ws:|\*/)
    const { contentPolicy } = await import('#host/content-policy')
    expect(policy).toBe(contentPolicy('').replace("connect-src 'self' ", "connect-src 'self'"))
  })
})

describe('requests', () => {
  test('come from our own page alone', async () => {
    for (const stranger of strangers) {
      for (const handler of seen.handlers.values()) expect(() => handler(stranger as never)).toThrow('Refused')
      for (const listener of seen.listeners.values()) listener(stranger as never, 'x' as never)
    }
    expect(seen.dialogs.asked).toEqual([])
    expect(seen.titles).toEqual([])
    // of the engine that started with the window, none of them is ever handed a port: those below are counted
    expect(seen.forks).toHaveLength(1)
  })

  test('are these and no others', () => {
    expect([...seen.handlers.keys(), ...seen.listeners.keys()].sort()).toEqual([
      'engine',
      'pick-file',
      'save-file',
      'set-title',
    ])
  })

  test('a chosen file comes back, none is null', async () => {
    const pick = () => seen.handlers.get('pick-file')!(page as never, ['.csv', 'parquet', 5] as never)
    seen.dialogs.open = ['/data/loans.csv']
    expect(await pick()).toBe('/data/loans.csv')
    expect(seen.dialogs.asked).toEqual([
      { properties: ['openFile'], filters: [{ name: 'Files', extensions: ['csv', 'parquet'] }] },
    ])
    seen.dialogs.open = []
    expect(await pick()).toBeNull()
  })

  test('bytes are saved where the user says, under a name without folders', async () => {
    const save = (name: unknown, bytes: unknown) =>
      seen.handlers.get('save-file')!(page as never, name as never, bytes as never)
    seen.dialogs.save = path.join(folder, 'saved.html')
    expect(await save('../../etc/report.html', new Uint8Array([104, 105]))).toBe(true)
    expect(readFileSync(seen.dialogs.save, 'utf8')).toBe('hi')
    expect(seen.dialogs.asked).toEqual([{ defaultPath: 'report.html' }])
    seen.dialogs.save = undefined
    expect(await save('a', new Uint8Array())).toBe(false)
    await expect(save('a', 'text')).rejects.toThrow('Only bytes')
  })

  test('the title and the menu reach the other side', () => {
    seen.listeners.get('set-title')!(page as never, 'loans — Plumbline' as never)
    expect(seen.titles).toEqual(['loans — Plumbline'])
    const send = vi.spyOn(seen.contents, 'send')
    const items = seen.menu!.flatMap((menu) => menu.submenu ?? [])
    items.find((item) => item.label === 'Save')!.click!()
    expect(send).toHaveBeenCalledWith('command', 'save')
    send.mockRestore()
  })
})

describe('the engine', () => {
  const ask = () => seen.listeners.get('engine')!(page as never)
  const newest = () => seen.forks.at(-1)!
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  let post = vi.spyOn(seen.contents, 'postMessage')
  let send = vi.spyOn(seen.contents, 'send')
  beforeEach(() => {
    post = vi.spyOn(seen.contents, 'postMessage')
    send = vi.spyOn(seen.contents, 'send')
  })
  afterEach(() => vi.restoreAllMocks())

  test('starts with the window and hands the page one end of a port once it is up', async () => {
    expect(seen.forks).toHaveLength(1)
    ask()
    const engine = newest()
    expect(engine.module).toMatch(/engine[\\/]engine\.js$/)
    expect(JSON.parse(engine.given[0]!)).toEqual({ project: folder, file })
    await settle()
    expect(post).not.toHaveBeenCalled()
    engine.process.emit('message', { answering: true })
    await settle()
    expect(engine.process.sent).toEqual([{ message: { connect: true }, ports: [expect.anything()] }])
    expect(post).toHaveBeenCalledWith('engine', null, [expect.anything()])
    ask()
    await settle()
    expect(post).toHaveBeenCalledTimes(2)
    expect(seen.forks).toHaveLength(1)
  })

  test('gets its worker processes from the host, which passes messages on and says how one ended', () => {
    const engine = newest().process
    engine.sent.length = 0
    engine.emit('message', { fork: 7, module: '/app/dist/engine/worker.js' })
    const { module, process: worker } = newest()
    expect(module).toBe('/app/dist/engine/worker.js')
    worker.emit('spawn')
    engine.emit('message', { to: 7, message: { t: 'setup' } })
    expect(worker.sent).toEqual([{ message: { t: 'setup' }, ports: [] }])
    worker.emit('message', { t: 'ready' })
    engine.emit('message', { kill: 7 })
    expect(worker.killed).toBe(true)
    worker.stderr.emit('data', Buffer.from('out of memory\n'))
    worker.emit('exit', 137)
    expect(engine.sent.map((sent) => sent.message)).toEqual([
      { forked: 7, pid: worker.pid },
      { from: 7, message: { t: 'ready' } },
      { ended: 7, code: 137, lastWords: 'out of memory' },
    ])
  })

  test('that ends takes its workers along, the page is told, and the next request starts another', async () => {
    const engine = seen.forks[0]!.process
    engine.emit('message', { fork: 8, module: '/app/dist/engine/worker.js' })
    const worker = newest().process
    engine.emit('exit', 139)
    expect(worker.killed).toBe(true)
    expect(send).toHaveBeenCalledWith('engine-lost')
    ask()
    expect(newest().module).toMatch(/engine\.js$/)
    newest().process.emit('message', { answering: true })
    await settle()
    expect(post).toHaveBeenCalledOnce()
  })

  test('that does not start is started again for the same request', async () => {
    newest().process.emit('exit', 1)
    ask()
    const failed = newest().process
    failed.emit('exit', 1)
    await vi.waitFor(() => expect(newest().process).not.toBe(failed), 5_000)
    newest().process.emit('message', { answering: true })
    await settle()
    expect(post).toHaveBeenCalledOnce()
  })

  test('is ended with the program', () => {
    seen.app.emit('will-quit')
    expect(newest().process.killed).toBe(true)
  })
})

describe('the preload', () => {
  test('exposes a fixed list of methods, and none of Electron’s own', async () => {
    const posted: unknown[][] = []
    vi.stubGlobal('window', { postMessage: (...given: unknown[]) => posted.push(given) })
    vi.stubGlobal('location', { origin: 'app://plumbline' })
    await import('../electron/preload.ts')
    expect([...seen.exposed.keys()]).toEqual(['plumblineHost'])
    const bridge = seen.exposed.get('plumblineHost') as Record<string, (...given: unknown[]) => unknown>
    expect(Object.keys(bridge).sort()).toEqual([
      'kind',
      'onCommand',
      'pickFile',
      'requestEngine',
      'saveFile',
      'setTitle',
    ])
    bridge.requestEngine!()
    await bridge.pickFile!(['csv'])
    expect(seen.invoked).toEqual([['engine'], ['pick-file', ['csv']]])
    const commands: unknown[] = []
    bridge.onCommand!((id: unknown) => commands.push(id))
    seen.renderer.emit('command', {}, 'file.save')
    expect(commands).toEqual(['file.save'])
    seen.renderer.emit('engine', { ports: ['port'] })
    seen.renderer.emit('engine-lost', {})
    expect(posted).toEqual([
      [enginePortMessage, 'app://plumbline', ['port']],
      [engineLostMessage, 'app://plumbline'],
    ])
    vi.unstubAllGlobals()
  })
})
