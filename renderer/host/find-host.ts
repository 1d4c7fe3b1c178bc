import type { DesktopBridge, HostApi } from '#contract'
import { browserHost } from './browser-host.ts'

/** The bridge Electron's preload exposes, or undefined in a browser. */
export function desktopBridge(): DesktopBridge | undefined {
  return (globalThis as { plumblineHost?: DesktopBridge }).plumblineHost
}

export function findHost(): HostApi {
  return desktopBridge() ?? browserHost()
}
