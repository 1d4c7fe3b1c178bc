import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { ProblemError } from '#contract'
import { resolveFiles } from '../read/resolve-files.ts'

export interface IdxArray {
  readonly shape: readonly number[]
  readonly values: Uint8Array
}

/** An IDX file of bytes (the format of MNIST: two zeros, type 8, the number of dimensions, their lengths), gzip or not. */
export function readIdx(project: string, name: string, parameter: string): IdxArray {
  const file = resolveFiles(project, name)[0]!
  const refuse = (what: string) =>
    new ProblemError({
      code: 'file-format',
      message: `${name} is not an IDX file of bytes: ${what}.`,
      path: ['params', parameter],
      fix: 'Choose a file like train-images-idx3-ubyte, packed with gzip or not',
    })
  let bytes: Buffer
  try {
    bytes = readFileSync(file.path)
    if (file.packing === 'gzip') bytes = gunzipSync(bytes)
  } catch {
    throw refuse('it can not be unpacked')
  }
  const dimensions = bytes[3] ?? 0
  if (bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 8 || dimensions < 1) throw refuse('it begins with other bytes')
  if (bytes.length < 4 + 4 * dimensions) throw refuse('it ends too early')
  const shape = Array.from({ length: dimensions }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis))
  const size = shape.reduce((product, length) => product * length, 1)
  const values = bytes.subarray(4 + 4 * dimensions)
  if (values.length < size) throw refuse('it ends too early')
  return { shape, values: values.subarray(0, size) }
}
