/** What a window may ask of the program around it: Electron, or the browser that shows the loopback host's page. */
export interface HostApi {
  readonly kind: 'electron' | 'browser'
  /** Path of a file the user chose, or null. Browsers give no paths: there the app browses through `Engine.files`. */
  pickFile(extensions: readonly string[]): Promise<string | null>
  /** Saves bytes where the user says; false when the user said nowhere. */
  saveFile(name: string, bytes: Uint8Array): Promise<boolean>
  setTitle(text: string): void
  /** Called with the id of a command chosen in the host's own menu. */
  onCommand?(listener: (id: string) => void): void
}

/**
 * The desktop host's bridge, at `globalThis.plumblineHost`; absent in a browser. After `requestEngine()` the window
 * gets a `message` event from itself with `data === enginePortMessage` and the engine's MessagePort in `ports[0]`. When
 * the engine's process ends the next message has `data === engineLostMessage`: ask again, the host has started a new one.
 */
export interface DesktopBridge extends HostApi {
  readonly kind: 'electron'
  requestEngine(): void
}
export const enginePortMessage = 'plumbline:engine'
export const engineLostMessage = 'plumbline:engine-lost'

/**
 * The loopback host's way in. The window's address is `/?file=FILE#code=CODE`; the window sends `{"code": CODE}` to
 * `POST sessionPath`, gets `{"token": TOKEN}` (the code works once), keeps the token in sessionStorage, opens a WebSocket
 * at `enginePath` and sends `{"token": TOKEN}` as its first text frame; the host answers with the text frame `"ready"`
 * once the engine runs. After that frames are `encodeFrame`'s. Both hosts name the file to open in `?file=`.
 */
export const sessionPath = '/session'
export const enginePath = '/engine'
/** WebSocket close codes: the token is not known here (the host was restarted), the engine's process ended. */
export const closeCodes = { tokenRefused: 4401, engineLost: 4503 } as const
