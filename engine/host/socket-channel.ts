import type { RawData, WebSocket } from 'ws'
import { type Channel, decodeFrame, encodeFrame, type Message } from '#contract'

/** The host's end of a window's WebSocket; the framing is described in `engine/contract/socket-frames.ts`. */
export function socketChannel(socket: WebSocket): Channel {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(encodeFrame(message))
    },
    onMessage: (listener) =>
      socket.on('message', (data, binary) => {
        const message = read(data, binary)
        if (message) listener(message)
        else socket.close(1007, 'A frame could not be read.')
      }),
    onClose: (listener) => socket.once('close', listener),
  }
}

function read(data: RawData, binary: boolean): Message | undefined {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data
  try {
    return decodeFrame(binary ? bytes : bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
