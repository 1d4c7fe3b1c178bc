import { isUtf8 } from 'node:buffer'
import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { ProblemError } from '#contract'
import type { Encoding } from './reading.ts'
import { firstBytes, type SourceFile } from './resolve-files.ts'

/** Text files as pieces of single-byte characters: UTF-8 bytes as Latin-1, whatever the file's own encoding. */
const pieceBytes = 1_048_576
const decoderNames = { 'utf-8': 'utf-8', 'latin-1': 'windows-1252', 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be' }

function open(file: SourceFile): Readable {
  const raw = createReadStream(file.path, { highWaterMark: pieceBytes })
  if (file.packing === 'none') return raw
  const unpack =
    file.packing === 'gzip' ? createGunzip({ chunkSize: pieceBytes }) : createZstdDecompress({ chunkSize: pieceBytes })
  raw.on('error', (error) => unpack.destroy(error))
  return raw.pipe(unpack)
}

async function* bytesOf(file: SourceFile): AsyncGenerator<Buffer> {
  const stream = open(file)
  try {
    for await (const piece of stream) yield piece as Buffer
  } catch (error) {
    throw new ProblemError(
      {
        code: file.packing === 'none' ? 'file-unreadable' : 'file-format',
        message: `${file.name} can not be ${file.packing === 'none' ? 'read' : 'unpacked'}: ${(error as Error).message.slice(0, 200)}`,
        path: ['params', 'path'],
        fix: 'Choose another file, or fetch this one again',
      },
      { cause: error },
    )
  } finally {
    stream.destroy()
  }
}

/** Unpacked bytes from the start of the file, and whether they are all of it. */
export async function headBytes(
  file: SourceFile,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  if (file.packing === 'none') {
    const { size } = statSync(file.path)
    return { bytes: firstBytes(file.path, Math.min(size, limit)), whole: size <= limit }
  }
  const pieces: Buffer[] = []
  let held = 0
  for await (const piece of bytesOf(file)) {
    pieces.push(piece)
    held += piece.length
    if (held > limit) break
  }
  const bytes = Buffer.concat(pieces)
  return { bytes: bytes.subarray(0, limit), whole: held <= limit }
}

/** By byte order mark, then by zero bytes, then UTF-8 if it is that, else Latin-1 (in fact Windows-1252, which holds it). */
export function sniffEncoding(head: Buffer, whole: boolean): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const sample = head.subarray(0, 4_096)
  let even = 0
  let odd = 0
  sample.forEach((byte, index) => {
    if (byte === 0 && index % 2 === 0) even++
    if (byte === 0 && index % 2 === 1) odd++
  })
  if (odd > sample.length / 8 && even < odd / 4) return 'utf-16le'
  if (even > sample.length / 8 && odd < even / 4) return 'utf-16be'
  const cut = whole ? head.length : lastCharacter(head)
  return isUtf8(head.subarray(0, cut)) && beginsCharacter(head.subarray(cut)) ? 'utf-8' : 'latin-1'
}

/** Where the last character of a piece begins, which may go on behind the piece. */
function lastCharacter(head: Buffer): number {
  const first = Math.max(0, head.length - 4)
  for (let at = head.length - 1; at >= first; at--) if ((head[at]! & 0xc0) !== 0x80) return at
  return head.length
}

/** Whether bytes are nothing, a UTF-8 character, or how one begins. */
function beginsCharacter(bytes: Buffer): boolean {
  if (bytes.length === 0) return true
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

export class PieceDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder> | undefined
  #first = true

  constructor(encoding: Encoding) {
    this.#decoder = encoding === 'utf-8' ? undefined : new TextDecoder(decoderNames[encoding])
  }

  /** The next piece, without a byte order mark at the very start. */
  decode(bytes: Buffer): string {
    const text = this.#decoder
      ? Buffer.from(this.#decoder.decode(bytes, { stream: true })).toString('latin1')
      : bytes.toString('latin1')
    const first = this.#first
    this.#first = false
    return first && text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text
  }
}

export async function* textPieces(file: SourceFile, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new PieceDecoder(encoding)
  for await (const bytes of bytesOf(file)) yield decoder.decode(bytes)
}

/** Single-byte characters back to text; undefined where the bytes are not UTF-8. */
export function decodeCell(raw: string): string | undefined {
  let at = 0
  while (at < raw.length && raw.charCodeAt(at) < 0x80) at++
  if (at === raw.length) return raw
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(raw, 'latin1'))
  } catch {
    return undefined
  }
}

export function encodeCell(text: string): string {
  return Buffer.from(text).toString('latin1')
}
