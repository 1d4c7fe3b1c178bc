import { type Channel, closeCodes, decodeFrame, encodeFrame, enginePath, type Message } from '#contract'

export type SocketEnd = 'token-refused' | 'engine-lost' | 'gone'

export class SocketClosedError extends Error {
  readonly end: SocketEnd
  constructor(end: SocketEnd) {
    super(`The connection to the loopback host ended: ${end}`)
    this.name = 'SocketClosedError'
    this.end = end
  }
}

/** A socket to the loopback host that has shown its token and speaks to a running engine. */
export function openSocketChannel(address: Pick<Location, 'host'>, token: string): Promise<Channel> {
  const socket = new WebSocket(`ws://${address.host}${enginePath}`)
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => socket.send(JSON.stringify({ token })))
    socket.addEventListener('close', (event) => reject(new SocketClosedError(endOf(event.code))))
    socket.addEventListener('message', () => resolve(socketChannel(socket)), { once: true })
  })
}

function socketChannel(socket: WebSocket): Channel {
  return {
    send: (message) => socket.send(encodeFrame(message) as string | Uint8Array<ArrayBuffer>),
    onMessage: (listener) => socket.addEventListener('message', (event) => listener(read(event.data))),
    onClose: (listener) => socket.addEventListener('close', listener),
  }
}

function read(data: string | ArrayBuffer): Message {
  return decodeFrame(typeof data === 'string' ? data : new Uint8Array(data))
}

function endOf(code: number): SocketEnd {
  if (code === closeCodes.tokenRefused) return 'token-refused'
  return code === closeCodes.engineLost ? 'engine-lost' : 'gone'
}
