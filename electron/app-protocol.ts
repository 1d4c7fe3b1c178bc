import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { protocol } from 'electron'

export const appOrigin = 'app://plumbline'

/** As strict as the loopback host's: this origin only, no inline script, no eval. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Before the app is ready: the scheme is an origin of its own, unlike file://. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built renderer, never a file outside it. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const address = new URL(request.url)
    const decoded = decode(address.pathname)
    if (`${address.protocol}//${address.host}` !== appOrigin || decoded === undefined) return refuse(400)
    const file = path.resolve(folder, `.${decoded === '/' ? '/index.html' : decoded}`)
    if (!file.startsWith(folder + path.sep)) return refuse(403)
    try {
      const body = new Uint8Array(await readFile(file))
      return new Response(body, { headers: headers(types[path.extname(file)] ?? 'application/octet-stream') })
    } catch {
      return refuse(404)
    }
  })
}

function headers(type: string): Record<string, string> {
  return {
    'content-type': type,
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}

function refuse(status: number): Response {
  return new Response(`${status}\n`, { status, headers: headers('text/plain; charset=utf-8') })
}

function decode(pathname: string): string | undefined {
  try {
    const decoded = decodeURIComponent(pathname)
    return /[\0\\]/.test(decoded) ? undefined : decoded
  } catch {
    return undefined
  }
}
