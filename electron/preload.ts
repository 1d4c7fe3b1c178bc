import { contextBridge, ipcRenderer } from 'electron'
import { type DesktopBridge, engineLostMessage, enginePortMessage } from '../engine/contract/host-api.ts'

const commands = new Set<(id: string) => void>()
ipcRenderer.on('command', (_event, id: string) => {
  for (const listener of commands) listener(id)
})
ipcRenderer.on('engine', (event) => window.postMessage(enginePortMessage, location.origin, [...event.ports]))
ipcRenderer.on('engine-lost', () => window.postMessage(engineLostMessage, location.origin))

/** All that the page can reach of this program. */
const bridge: DesktopBridge = {
  kind: 'electron',
  pickFile: (extensions) => ipcRenderer.invoke('pick-file', extensions),
  saveFile: (name, bytes) => ipcRenderer.invoke('save-file', name, bytes),
  setTitle: (text) => ipcRenderer.send('set-title', text),
  onCommand: (listener) => {
    commands.add(listener)
  },
  requestEngine: () => ipcRenderer.send('engine'),
}
contextBridge.exposeInMainWorld('plumblineHost', bridge)
