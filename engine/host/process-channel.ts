import type { Channel, Message } from '#contract'

/** A forked process, or `process` inside one; both must use the serialization "advanced". */
export interface MessagingProcess {
  readonly connected?: boolean
  send?(message: unknown): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'disconnect' | 'exit', listener: () => void): unknown
}

export function processChannel(end: MessagingProcess): Channel {
  return {
    send: (message) => {
      if (end.connected) end.send?.(message)
    },
    onMessage: (listener) =>
      end.on('message', (message) => {
        if (isMessage(message)) listener(message)
      }),
    onClose: (listener) => {
      const once = callOnce(listener)
      end.once('disconnect', once)
      end.once('exit', once)
    },
  }
}

/** A MessagePort of `node:worker_threads`, or Electron's MessagePortMain, which wraps what arrives in an event. */
export interface MessagingPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  once(event: 'close', listener: () => void): unknown
  start(): void
}

export function portChannel(port: MessagingPort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (received) => {
        const message = isMessage(received) ? received : (received as { data?: unknown } | null)?.data
        if (isMessage(message)) listener(message)
      })
      port.start()
    },
    onClose: (listener) => port.once('close', listener),
  }
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && typeof (value as { t?: unknown }).t === 'string'
}

function callOnce(listener: () => void): () => void {
  let called = false
  return () => {
    if (!called) listener()
    called = true
  }
}
