import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BrowserWindow, dialog, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { EngineProgram } from './engine-program.ts'
import { isOurPage } from './lock-down.ts'

/** Answers the preload's fixed list of requests; anyone but our own page is refused. */
export function answerRequests(window: BrowserWindow, engine: EngineProgram): void {
  handle('pick-file', async (extensions) => {
    const picked = await dialog.showOpenDialog(window, {
      properties: ['openFile'],
      filters: [{ name: 'Files', extensions: texts(extensions).map((extension) => extension.replace(/^\./, '')) }],
    })
    return picked.filePaths[0] ?? null
  })
  handle('save-file', async (name, bytes) => {
    if (!(bytes instanceof Uint8Array)) throw new Error('Only bytes can be saved.')
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath: path.basename(String(name)) })
    if (filePath) await writeFile(filePath, bytes)
    return Boolean(filePath)
  })
  listen('set-title', (_event, text) => window.setTitle(String(text).slice(0, 200)))
  listen('engine', async (event) => event.sender.postMessage('engine', null, [await engine.connect()]))
}

function handle(channel: string, answer: (...given: unknown[]) => Promise<unknown>): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...given: unknown[]) => {
    if (!isOurPage(event.senderFrame)) throw new Error('Refused.')
    return answer(...given)
  })
}

function listen(channel: string, listener: (event: IpcMainEvent, ...given: unknown[]) => void): void {
  ipcMain.on(channel, (event: IpcMainEvent, ...given: unknown[]) => {
    if (isOurPage(event.senderFrame)) listener(event, ...given)
  })
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}
