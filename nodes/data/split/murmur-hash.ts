/**
 * MurmurHash3, x86, 32 bits, of a text's UTF-8 bytes (Appleby 2011, public domain). Splits must not move when Plumbline
 * or DuckDB changes, so the hash is written out here and held by its published test vectors.
 */
export function murmurHash(text: string, seed: number): number {
  const bytes = utf8Bytes(text)
  const blocks = bytes.length & ~3
  let hash = seed >>> 0
  for (let at = 0; at < blocks; at += 4) {
    hash ^= mixBlock(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = bytes.length - 1; at >= blocks; at--) tail = (tail << 8) | bytes[at]!
  if (bytes.length > blocks) hash ^= mixBlock(tail)
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function mixBlock(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

/** UTF-8 without an encoder, which this room does not have; a lone surrogate becomes U+FFFD. */
function utf8Bytes(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0)!
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** A number of [0, 1) that depends on text and seed alone. */
export function hashUnit(text: string, seed: number): number {
  return murmurHash(text, seed) / 0x100000000
}
