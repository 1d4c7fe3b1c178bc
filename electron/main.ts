import path from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, nativeTheme } from 'electron'
import { appOrigin, registerAppScheme, serveApp } from './app-protocol.ts'
import { createEngineProgram } from './engine-program.ts'
import { lockDown, refusePermissions } from './lock-down.ts'
import { showMenu } from './menu.ts'
import { answerRequests } from './requests.ts'

/** The desktop host: one window on the built app, one engine process. No product logic lives here. */
const built = path.resolve(import.meta.dirname, '..')

registerAppScheme()
lockDown()
app.on('window-all-closed', () => app.quit())

export const ready = app.whenReady().then(async () => {
  refusePermissions()
  serveApp(path.join(built, 'renderer'))
  const place = givenPlace()
  const window = openWindow()
  const engine = createEngineProgram(path.join(built, 'engine', 'engine.js'), place, () => {
    if (!window.isDestroyed()) window.webContents.send('engine-lost')
  })
  app.on('will-quit', () => engine.close())
  answerRequests(window, engine)
  showMenu(window)
  await window.loadURL(`${appOrigin}/${place.file ? `?file=${encodeURIComponent(place.file)}` : ''}`)
})

function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1217' : '#f6f7f9',
    webPreferences: {
      preload: path.join(built, 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    },
  })
  window.once('ready-to-show', () => window.show())
  return window
}

/** The file and project named when the program was started; without either, a folder of the user's documents. */
function givenPlace(): { project?: string; file?: string } {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(1),
    options: { project: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  const file = positionals.find((name) => name.endsWith('.plumb.json'))
  const project = typeof values.project === 'string' ? values.project : undefined
  if (file) return { file: path.resolve(file), ...(project ? { project } : {}) }
  return { project: project ?? path.join(app.getPath('documents'), 'Plumbline') }
}
