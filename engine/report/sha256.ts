/**
 * SHA-256 (FIPS 180-4) and Base64 without any platform: the page names its script and its style by hash, and this room
 * may use neither node nor the DOM.
 */
const word = (value: number) => Math.floor(value * 2 ** 32) >>> 0
const fraction = (root: number) => word(root - Math.floor(root))

function primes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate++)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

const constants = Uint32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)))
const initial = Uint32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)))
const rotate = (value: number, bits: number) => (value >>> bits) | (value << (32 - bits))

function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text.toWellFormed()) {
    const encoded = encodeURIComponent(character)
    if (!encoded.startsWith('%')) bytes.push(encoded.charCodeAt(0))
    else for (const part of encoded.slice(1).split('%')) bytes.push(Number.parseInt(part, 16))
  }
  return Uint8Array.from(bytes)
}

function padded(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  block.set(bytes)
  block[bytes.length] = 0x80
  const view = new DataView(block.buffer)
  view.setUint32(block.length - 8, Math.floor((bytes.length * 8) / 2 ** 32))
  view.setUint32(block.length - 4, (bytes.length * 8) >>> 0)
  return block
}

function schedule(view: DataView, offset: number, words: Uint32Array): void {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(offset + i * 4)
  for (let i = 16; i < 64; i++) {
    const a = words[i - 15]!
    const b = words[i - 2]!
    const small = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
    const large = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
    words[i] = words[i - 16]! + small + words[i - 7]! + large
  }
}

function compress(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const choose = (e & f) ^ (~e & g)
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choose + constants[i]! + words[i]!) | 0
    const majority = (a & b) ^ (a & c) ^ (b & c)
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value
}

/** The 32 bytes of a text's hash, the text taken as UTF-8. */
export function sha256(text: string): Uint8Array {
  const block = padded(utf8(text))
  const view = new DataView(block.buffer)
  const state = Uint32Array.from(initial)
  const words = new Uint32Array(64)
  for (let offset = 0; offset < block.length; offset += 64) {
    schedule(view, offset, words)
    compress(state, words)
  }
  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  for (const [i, value] of state.entries()) out.setUint32(i * 4, value)
  return digest
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const letters = [group >> 18, (group >> 12) & 63, (group >> 6) & 63, group & 63].map((n) => alphabet[n])
    text += letters.slice(0, Math.min(bytes.length - i, 3) + 1).join('')
  }
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** A source for a content security policy: `'sha256-…'`. */
export function hashSource(text: string): string {
  return `'sha256-${base64(sha256(text))}'`
}
