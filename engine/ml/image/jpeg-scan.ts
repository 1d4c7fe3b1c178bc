import { PictureError } from './raster.ts'

/** One color of a JPEG: its blocks of 64 coefficients in natural order. */
export interface JpegComponent {
  readonly id: number
  /** Samples in a minimum coded unit, across and down. */
  readonly across: number
  readonly down: number
  readonly quantizer: number
  /** Blocks that hold the picture, and all with those that fill up the units. */
  readonly blocksWide: number
  readonly blocksHigh: number
  readonly stride: number
  readonly coefficients: Int16Array
}

/** Canonical Huffman codes: for each length the first code and where its symbols begin. */
export interface HuffmanTable {
  readonly symbols: Uint8Array
  readonly firstCode: Int32Array
  readonly firstSymbol: Int32Array
  readonly count: Uint8Array
}

export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const [firstCode, firstSymbol] = [new Int32Array(17), new Int32Array(17)]
  let [code, symbol] = [0, 0]
  for (let length = 1; length <= 16; length++) {
    firstCode[length] = code
    firstSymbol[length] = symbol
    code = (code + counts[length - 1]!) << 1
    symbol += counts[length - 1]!
  }
  const count = new Uint8Array(17)
  count.set(counts, 1)
  return { symbols, firstCode, firstSymbol, count }
}

export interface Scan {
  readonly components: readonly {
    readonly component: JpegComponent
    readonly dc: HuffmanTable | undefined
    readonly ac: HuffmanTable | undefined
  }[]
  /** First and last coefficient, in zigzag order. */
  readonly from: number
  readonly to: number
  /** Bits that earlier scans have left out, and that this one leaves out. */
  readonly high: number
  readonly low: number
  readonly progressive: boolean
  readonly restart: number
  /** Minimum coded units of the frame. */
  readonly unitsWide: number
  readonly unitsHigh: number
}

/** Place of the k-th coefficient of the zigzag in a block's rows. */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
])

/** Bits of the entropy-coded data; a zero byte behind 255 is dropped, zeros follow a marker. */
class BitReader {
  readonly #bytes: Uint8Array
  at: number
  #held = 0
  #bits = 0

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  bit(): number {
    if (this.#bits === 0) {
      this.#held = this.#next()
      this.#bits = 8
    }
    return (this.#held >> --this.#bits) & 1
  }

  #next(): number {
    const byte = this.#bytes[this.at]
    if (byte === undefined) throw new PictureError('it ends too early')
    if (byte === 0xff) {
      if (this.#bytes[this.at + 1] !== 0) return 0
      this.at++
    }
    this.at++
    return byte
  }

  bits(count: number): number {
    let value = 0
    for (let k = 0; k < count; k++) value = (value << 1) | this.bit()
    return value
  }

  /** A number of so many bits, the first of which says its sign. */
  signed(count: number): number {
    if (count === 0) return 0
    const value = this.bits(count)
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value
  }

  symbol({ symbols, firstCode, firstSymbol, count }: HuffmanTable): number {
    let code = 0
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bit()
      const place = code - firstCode[length]!
      if (place < count[length]!) return symbols[firstSymbol[length]! + place]!
    }
    throw new PictureError('its data is damaged')
  }

  /** Skips to behind a restart marker; whether there was one. */
  restart(): boolean {
    this.#bits = 0
    while (this.at + 1 < this.#bytes.length && this.#bytes[this.at] !== 0xff) this.at++
    const marker = this.#bytes[this.at + 1] ?? 0
    if (marker < 0xd0 || marker > 0xd7) return false
    this.at += 2
    return true
  }
}

interface State {
  readonly bits: BitReader
  readonly predictors: Int32Array
  /** Blocks that have no more coefficients in this scan. */
  endRun: number
}

/** Reads the data of a scan into the components' coefficients (ITU-T T.81, annexes F and G); gives the place behind it. */
export function readScan(bytes: Uint8Array, at: number, scan: Scan): number {
  const state: State = { bits: new BitReader(bytes, at), predictors: new Int32Array(scan.components.length), endRun: 0 }
  const alone = scan.components.length === 1 ? scan.components[0]!.component : undefined
  const units = alone ? alone.blocksWide * alone.blocksHigh : scan.unitsWide * scan.unitsHigh
  for (let unit = 0; unit < units; unit++) {
    if (scan.restart > 0 && unit > 0 && unit % scan.restart === 0) {
      if (!state.bits.restart()) break
      state.predictors.fill(0)
      state.endRun = 0
    }
    if (alone) readBlock(state, scan, 0, Math.floor(unit / alone.blocksWide), unit % alone.blocksWide)
    else readUnit(state, scan, unit)
  }
  return state.bits.at
}

function readUnit(state: State, scan: Scan, unit: number): void {
  const [row, column] = [Math.floor(unit / scan.unitsWide), unit % scan.unitsWide]
  scan.components.forEach(({ component: { across, down } }, index) => {
    for (let y = 0; y < down; y++)
      for (let x = 0; x < across; x++) readBlock(state, scan, index, row * down + y, column * across + x)
  })
}

function readBlock(state: State, scan: Scan, index: number, row: number, column: number): void {
  const { component, dc, ac } = scan.components[index]!
  const start = (row * component.stride + column) * 64
  const block = component.coefficients.subarray(start, start + 64)
  if (scan.from === 0) readFirst(state, scan, index, block, dc)
  const first = Math.max(1, scan.from)
  if (scan.to < first) return
  if (!ac) throw new PictureError('it lacks a table of codes')
  if (scan.high > 0) refine(state, scan, block, ac, first)
  else readOthers(state, scan, block, ac, first)
}

function readFirst(
  { bits, predictors }: State,
  scan: Scan,
  index: number,
  block: Int16Array,
  dc: HuffmanTable | undefined,
) {
  if (scan.high > 0) {
    if (bits.bit()) block[0] = block[0]! | (1 << scan.low)
    return
  }
  if (!dc) throw new PictureError('it lacks a table of codes')
  predictors[index] = predictors[index]! + bits.signed(bits.symbol(dc))
  block[0] = predictors[index]! * (1 << scan.low)
}

function readOthers(
  state: State,
  { to, low, progressive }: Scan,
  block: Int16Array,
  ac: HuffmanTable,
  first: number,
): void {
  if (state.endRun > 0) {
    state.endRun--
    return
  }
  for (let k = first; k <= to; k++) {
    const symbol = state.bits.symbol(ac)
    const [zeros, size] = [symbol >> 4, symbol & 15]
    if (size === 0 && zeros < 15) {
      if (progressive) state.endRun = (1 << zeros) - 1 + state.bits.bits(zeros)
      return
    }
    k += zeros
    if (k > 63) throw new PictureError('its data is damaged')
    if (size > 0) block[zigzag[k]!] = state.bits.signed(size) * (1 << low)
  }
}

/** One more bit of coefficients that are known, and new ones of ±1 in this bit. */
function refine(state: State, { to, low }: Scan, block: Int16Array, ac: HuffmanTable, first: number): void {
  const one = 1 << low
  const correct = (place: number) => {
    if (state.bits.bit() && (block[place]! & one) === 0) block[place] = block[place]! + (block[place]! > 0 ? one : -one)
  }
  let k = first
  if (state.endRun === 0)
    for (; k <= to; k++) {
      const symbol = state.bits.symbol(ac)
      let zeros = symbol >> 4
      let value = 0
      if ((symbol & 15) === 0) {
        if (zeros < 15) {
          state.endRun = (1 << zeros) + state.bits.bits(zeros)
          break
        }
      } else value = state.bits.bit() ? one : -one
      for (; k <= to; k++) {
        const place = zigzag[k]!
        if (block[place] !== 0) correct(place)
        else if (zeros-- === 0) {
          if (value !== 0) block[place] = value
          break
        }
      }
    }
  if (state.endRun === 0) return
  for (; k <= to; k++) if (block[zigzag[k]!] !== 0) correct(zigzag[k]!)
  state.endRun--
}
