import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { type Channel, connectEngine, type Engine, enginePath, exposeEngine, sessionPath } from '#contract'
import { type Loopback, startLoopback } from '#host/loopback'
import { portChannel } from '#host/process-channel'
import { socketChannel } from '#host/socket-channel'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'

/** An engine at the far end of some transport. */
export interface Reached {
  readonly engine: Engine
  /** The raw channel, where there is one. */
  readonly channel?: Channel
  close(): Promise<void>
}

const catalogueUrl = new URL('../nodes/catalogue.ts', import.meta.url).href

async function inProcess(project: string): Promise<Reached> {
  const engine = await createEngine({ project, catalogue, catalogueUrl })
  return { engine, close: () => engine.close() }
}

/** As the desktop host joins page and engine, with Node's own MessagePorts. */
async function overMessagePort(project: string): Promise<Reached> {
  const engine = await createEngine({ project, catalogue, catalogueUrl })
  const { port1, port2 } = new MessageChannel()
  exposeEngine(portChannel(port1), engine)
  const channel = portChannel(port2)
  return {
    engine: connectEngine(channel),
    channel,
    async close() {
      port2.close()
      await engine.close()
    },
  }
}

/** The whole loopback host: one-time code, token, socket, the engine's own process. */
async function overWebSocket(project: string): Promise<Reached> {
  const loopback = await startLoopback({ renderer: mkdtempSync(path.join(os.tmpdir(), 'plumbline-page-')), project })
  const { channel, socket } = await openSocket(loopback)
  return {
    engine: connectEngine(channel),
    channel,
    async close() {
      socket.close()
      await loopback.close()
    },
  }
}

/** A window's way in, as a browser goes it. */
export async function openSocket(
  loopback: Pick<Loopback, 'origin' | 'newAddress'>,
  token?: string,
): Promise<{ channel: Channel; socket: WebSocket; token: string }> {
  const shown = token ?? (await exchange(loopback))
  const origin = loopback.origin
  const socket = new WebSocket(`${origin.replace('http', 'ws')}${enginePath}`, { headers: { origin } })
  await once(socket, 'open')
  const first = new Promise<string>((resolve, reject) => {
    socket.once('message', (data) => resolve(String(data)))
    socket.once('close', (code) => reject(new Error(`The socket was closed with ${code}.`)))
  })
  socket.send(JSON.stringify({ token: shown }))
  if ((await first) !== '"ready"') throw new Error('The host did not say that the engine is ready.')
  return { channel: socketChannel(socket), socket, token: shown }
}

async function exchange(loopback: Pick<Loopback, 'origin' | 'newAddress'>): Promise<string> {
  const code = new URLSearchParams(new URL(loopback.newAddress()).hash.slice(1)).get('code')
  const answer = await fetch(`${loopback.origin}${sessionPath}`, {
    method: 'POST',
    headers: { origin: loopback.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  return ((await answer.json()) as { token: string }).token
}

export const transports = [
  ['in process', inProcess],
  ['over a MessagePort', overMessagePort],
  ['over a WebSocket', overWebSocket],
] as const
