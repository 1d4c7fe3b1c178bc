import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { closeCodes, enginePath, exposeEngine, sessionPath } from '#contract'
import { contentPolicy } from './content-policy.ts'
import { createEngineHost, type EngineHost } from './engine-host.ts'
import { createSessions, type Sessions } from './session.ts'
import { socketChannel } from './socket-channel.ts'
import { readStatic } from './static-files.ts'

export interface LoopbackOptions {
  /** Folder of the built renderer. */
  readonly renderer: string
  readonly project: string
  /** The pipeline to open, as the engine names it (see `projectPath`). */
  readonly file?: string
  /** Who keeps the engine, where it is not a process of this host's own. */
  readonly engines?: EngineHost
}
/** The app on 127.0.0.1 for a browser of this machine. */
export interface Loopback {
  readonly origin: string
  /** An address that opens the app in one window. */
  newAddress(): string
  close(): Promise<void>
}

interface Gate {
  readonly host: string
  readonly origin: string
  readonly sessions: Sessions
}

/** Longest wait for the first frame of a socket. */
const helloMs = 10_000
/** A dropped file arrives as one frame. */
const largestFrameBytes = 1 << 30
const largestSessionBytes = 1_000

export async function startLoopback(options: LoopbackOptions): Promise<Loopback> {
  const engines = options.engines ?? createEngineHost({ project: options.project })
  // It starts while the browser does; a window that comes tries again and is told what is wrong.
  engines.engine().catch(() => {})
  const server = http.createServer()
  const port = await listen(server)
  const gate: Gate = { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, sessions: createSessions() }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestFrameBytes })

  server.on('request', (request, response) => {
    answer(gate, options.renderer, request, response).catch(() => response.destroy())
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseUpgrade(gate, request)
    if (refusal) return refuse(socket, refusal)
    sockets.handleUpgrade(request, socket, head, (accepted) => welcome(accepted, gate.sessions, engines))
  })
  return {
    origin: gate.origin,
    newAddress: () => {
      const query = options.file ? `?file=${encodeURIComponent(options.file)}` : ''
      return `${gate.origin}/${query}#code=${gate.sessions.newCode()}`
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await Promise.all([new Promise((resolve) => server.close(resolve)), engines.close()])
    },
  }
}

function listen(server: http.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function answer(
  gate: Gate,
  renderer: string,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const send = (status: number, type = 'text/plain; charset=utf-8', body: string | Uint8Array = `${status}\n`) => {
    response.writeHead(status, { ...headers(gate), 'content-type': type, 'content-length': Buffer.byteLength(body) })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  const refusal = refuseRequest(gate, request)
  if (refusal) return send(refusal)
  const { pathname } = new URL(request.url ?? '/', gate.origin)
  if (pathname === sessionPath) {
    if (request.method !== 'POST') return send(405)
    const token = gate.sessions.exchange(await readCode(request))
    return token ? send(200, 'application/json', JSON.stringify({ token })) : send(401)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(405)
  const file = await readStatic(renderer, pathname)
  return file.status === 200 ? send(200, file.type, file.body) : send(file.status)
}

function headers(gate: Gate): Record<string, string> {
  return {
    'content-security-policy': contentPolicy(`ws://${gate.host}`),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'cache-control': 'no-store',
  }
}

/** Host against DNS rebinding; Origin and Sec-Fetch-Site against other pages of the same browser. */
function refuseRequest(gate: Gate, request: http.IncomingMessage): number | undefined {
  if (request.headers.host !== gate.host) return 421
  const { origin } = request.headers
  if (origin !== undefined && origin !== gate.origin) return 403
  if (request.method === 'POST' && origin === undefined) return 403
  const site = request.headers['sec-fetch-site']
  return site && site !== 'same-origin' && site !== 'none' ? 403 : undefined
}

function refuseUpgrade(gate: Gate, request: http.IncomingMessage): number | undefined {
  if (request.headers.host !== gate.host) return 421
  if (request.headers.origin !== gate.origin) return 403
  return request.url === enginePath ? undefined : 404
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

async function readCode(request: http.IncomingMessage): Promise<unknown> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > largestSessionBytes) return undefined
  }
  return property(body, 'code')
}

function property(json: string, name: string): unknown {
  try {
    return (JSON.parse(json) as Record<string, unknown> | null)?.[name]
  } catch {
    return undefined
  }
}

/** A new socket has to send the token first; then it speaks to the engine until either ends. */
function welcome(socket: WebSocket, sessions: Sessions, engines: EngineHost): void {
  const late = setTimeout(() => socket.close(closeCodes.tokenRefused, 'No token came.'), helloMs)
  socket.on('error', () => socket.terminate())
  socket.once('message', (data, binary) => {
    clearTimeout(late)
    if (binary || !sessions.accepts(property(String(data), 'token')))
      return socket.close(closeCodes.tokenRefused, 'This window was opened by another start of Plumbline.')
    attach(socket, engines).catch(() => socket.close(closeCodes.engineLost, 'The engine did not start.'))
  })
}

async function attach(socket: WebSocket, engines: EngineHost): Promise<void> {
  const stop = engines.onLost(() => socket.close(closeCodes.engineLost, 'The engine ended and is being restarted.'))
  socket.once('close', stop)
  const engine = await engines.engine()
  exposeEngine(socketChannel(socket), engine)
  socket.send('"ready"')
}
