import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Hash } from '#contract'

const pieceBytes = 1 << 20

/** SHA-256 of bytes or of a text's UTF-8, lower-case hex. */
export function hashBytes(bytes: Uint8Array | string): Hash {
  return createHash('sha256').update(bytes).digest('hex') as Hash
}

/** Shared by all calls: a run looks at thousands of small files. */
const sharedPiece = Buffer.allocUnsafe(pieceBytes)

/** SHA-256 of a file, read in pieces. */
export function hashFile(file: string): Hash {
  const hash = createHash('sha256')
  const piece = sharedPiece
  const descriptor = openSync(file, 'r')
  try {
    for (let count = readSync(descriptor, piece); count > 0; count = readSync(descriptor, piece))
      hash.update(piece.subarray(0, count))
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex') as Hash
}

/** The same without holding the event loop for longer than a piece: for files of any size. */
export async function hashLargeFile(file: string): Promise<Hash> {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(pieceBytes)
  const handle = await open(file, 'r')
  try {
    for (let read = await handle.read(piece); read.bytesRead > 0; read = await handle.read(piece))
      hash.update(piece.subarray(0, read.bytesRead))
  } finally {
    await handle.close()
  }
  return hash.digest('hex') as Hash
}

/** Whether a text looks like a content hash. */
export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && value.length === 64 && /^[0-9a-f]{64}$/.test(value)
}
