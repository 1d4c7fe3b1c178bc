import { readFile } from 'node:fs/promises'
import path from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

export type StaticAnswer =
  | { readonly status: 200; readonly type: string; readonly body: Uint8Array }
  | { readonly status: 400 | 403 | 404 }

/** A file of `folder` by the path of a request, never one outside it. */
export async function readStatic(folder: string, requestPath: string): Promise<StaticAnswer> {
  let decoded: string
  try {
    decoded = decodeURIComponent(requestPath)
  } catch {
    return { status: 400 }
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return { status: 400 }
  const file = path.resolve(folder, `.${decoded === '/' ? '/index.html' : decoded}`)
  if (!file.startsWith(path.resolve(folder) + path.sep)) return { status: 403 }
  try {
    return { status: 200, type: types[path.extname(file)] ?? 'application/octet-stream', body: await readFile(file) }
  } catch {
    return { status: 404 }
  }
}
