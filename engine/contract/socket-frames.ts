import type { Message } from './channel.ts'
import { ProblemError } from './problem.ts'

/**
 * Frames of the loopback WebSocket. A message without bytes is one text frame of JSON. A message that holds a
 * `Uint8Array` is one binary frame, lengths as unsigned 32-bit little endian: the length of the JSON, the JSON in UTF-8
 * with `{"$bytes": i}` where chunk i belongs, then for each chunk its length and its bytes. An object that itself has a
 * key `$bytes` travels as `{"$bytes": [[key, value], …]}`.
 */
export function encodeFrame(message: Message): string | Uint8Array {
  const chunks: Uint8Array[] = []
  const text = JSON.stringify(message, function (this: Record<string, unknown>, key: string, value: unknown) {
    const original = this[key]
    if (original instanceof Uint8Array) return { [mark]: chunks.push(original) - 1 }
    return isMarked(value) ? { [mark]: Object.entries(value) } : value
  })
  if (chunks.length === 0) return text
  const json = new TextEncoder().encode(text)
  const frame = new Uint8Array(4 + json.length + chunks.reduce((sum, chunk) => sum + 4 + chunk.length, 0))
  const view = new DataView(frame.buffer)
  let at = 0
  for (const part of [json, ...chunks]) {
    view.setUint32(at, part.length, true)
    frame.set(part, at + 4)
    at += 4 + part.length
  }
  return frame
}

/** The message in a frame; throws a ProblemError when the frame is cut short or is no message. */
export function decodeFrame(data: string | Uint8Array): Message {
  try {
    const [json, ...chunks] = typeof data === 'string' ? [data] : split(data)
    const text = typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json)
    const message: unknown = text.includes(`"${mark}"`)
      ? JSON.parse(text, (_key, value) => restore(value, chunks as Uint8Array[]))
      : JSON.parse(text)
    if (typeof message !== 'object' || message === null || typeof (message as Message).t !== 'string')
      throw new Error('no message')
    return message as Message
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'internal',
        message: 'A frame on the connection to the engine can not be read.',
        fix: 'Reload the window.',
      },
      { cause },
    )
  }
}

const mark = '$bytes'

function isMarked(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, mark)
}

function split(data: Uint8Array): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; ) {
    const end = at + 4 + view.getUint32(at, true)
    if (end > data.length) throw new Error('cut short')
    parts.push(data.slice(at + 4, end))
    at = end
  }
  return parts
}

function restore(value: unknown, chunks: readonly Uint8Array[]): unknown {
  if (!isMarked(value)) return value
  const inside = value[mark]
  if (Array.isArray(inside)) return Object.fromEntries(inside as [string, unknown][])
  const chunk = chunks[inside as number]
  if (!chunk) throw new Error('missing chunk')
  return chunk
}

/** Both are in every browser and in Node; the contract room has neither's library. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes?: Uint8Array): string }
