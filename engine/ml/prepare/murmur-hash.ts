import { utf8 } from '../onnx/protobuf-writer.ts'

/** MurmurHash3 x86 32-bit with seed 0 (Appleby, public domain) of a text in UTF-8, as a signed integer like scikit-learn's. */
export function murmurHash(text: string): number {
  const bytes = utf8(text)
  const blocks = bytes.length >> 2
  let h = 0
  for (let i = 0; i < blocks; i++) {
    const at = 4 * i
    h ^= mix(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= 4 * blocks; at--) tail = (tail << 8) | bytes[at]!
  h ^= mix(tail) ^ bytes.length
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function mix(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593)
}

/** Bucket and sign of a text, as scikit-learn's FeatureHasher with alternate signs has them. */
export function hashBucket(text: string, buckets: number): { readonly place: number; readonly sign: 1 | -1 } {
  const hash = murmurHash(text)
  return { place: Math.abs(hash) % buckets, sign: hash >= 0 ? 1 : -1 }
}
