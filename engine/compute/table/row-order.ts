import type { Column } from '#contract'
import { isTextual } from '../cell-builders.ts'
import type { TextChunk } from '../parquet/column-chunk.ts'
import type { ParquetFile } from '../parquet/read-parquet.ts'
import { mergeLevels } from './merge-levels.ts'

interface OrderJob {
  readonly file: ParquetFile
  readonly column: Column
  readonly descending: boolean
  /** Rows to be put in order, ascending; all of the file when left out. */
  readonly rows?: Uint32Array
  /** Called now and then with the share that is done; ends the work by throwing. */
  readonly step: (share: number) => void
}

/** Sort keys of the rows that have a value: two words each, the higher first. */
interface Keyed {
  readonly rows: Uint32Array
  readonly high: Uint32Array
  readonly low: Uint32Array
  count: number
  readonly missing: Uint32Array
  missingCount: number
}

/** Rows by the values of a column, alike ones in the table's order, those without a value last. */
export function rowOrder(job: OrderJob): Uint32Array {
  const keyed = isTextual(job.column) ? textKeys(job) : numberKeys(job)
  const sorted = radixSort(keyed, job.descending, job.step)
  const order = new Uint32Array(keyed.count + keyed.missingCount)
  order.set(sorted)
  order.set(keyed.missing.subarray(0, keyed.missingCount), keyed.count)
  return order
}

function emptyKeys({ file, rows }: OrderJob): Keyed {
  const size = rows?.length ?? file.rows
  const words = () => new Uint32Array(size)
  return { rows: words(), high: words(), low: words(), count: 0, missing: words(), missingCount: 0 }
}

/** Goes through the wanted rows group by group; `row` counts in the group. */
function eachGroup(job: OrderJob, visit: (group: number, rows: Iterable<number>, start: number) => void): void {
  const { file, rows } = job
  let from = 0
  file.groups.forEach(({ start, rows: size }, group) => {
    let to = from
    if (rows) while (to < rows.length && rows[to]! < start + size) to++
    if (!rows || to > from) visit(group, rows ? shifted(rows.subarray(from, to), start) : range(size), start)
    from = to
    job.step((0.6 * (group + 1)) / file.groups.length)
  })
}

const range = (size: number) => Uint32Array.from({ length: size }, (_, row) => row)
const shifted = (rows: Uint32Array, start: number) => rows.map((row) => row - start)

/** A double's bits with the sign turned are ordered as whole numbers; -0 counts as 0. */
function numberKeys(job: OrderJob): Keyed {
  const keyed = emptyKeys(job)
  const scratch = new Float64Array(1)
  const words = new Uint32Array(scratch.buffer)
  eachGroup(job, (group, rows, start) => {
    const chunk = job.file.readChunk(group, job.column)
    if (chunk.kind !== 'number') return
    for (const row of rows) {
      scratch[0] = chunk.at(row) + 0
      if (Number.isNaN(scratch[0])) {
        keyed.missing[keyed.missingCount++] = start + row
        continue
      }
      const high = words[1]!
      const negative = high >>> 31 === 1
      keyed.rows[keyed.count] = start + row
      keyed.high[keyed.count] = negative ? ~high : high ^ 0x80000000
      keyed.low[keyed.count++] = negative ? ~words[0]! : words[0]!
    }
  })
  return keyed
}

/** A text's key is its place among all levels of the column. */
function textKeys(job: OrderJob): Keyed {
  const keyed = emptyKeys(job)
  const parts: { chunk: TextChunk; rows: Iterable<number>; start: number; places: Uint32Array }[] = []
  eachGroup(job, (group, rows, start) => {
    const chunk = job.file.readChunk(group, job.column)
    if (chunk.kind === 'text') parts.push({ chunk, rows, start, places: new Uint32Array(chunk.levels) })
  })
  let place = 0
  mergeLevels(
    parts.map(({ chunk }) => chunk),
    (_, members) => {
      for (const { group, code } of members) parts[group]!.places[code] = place
      if (place++ % 65_536 === 0) job.step(0.6)
    },
  )
  for (const { chunk, rows, start, places } of parts)
    for (const row of rows) {
      const code = chunk.code(row)
      if (code < 0) keyed.missing[keyed.missingCount++] = start + row
      else {
        keyed.rows[keyed.count] = start + row
        keyed.low[keyed.count++] = places[code]!
      }
    }
  return keyed
}

interface Words {
  readonly rows: Uint32Array
  readonly high: Uint32Array
  readonly low: Uint32Array
}
const digitBits = 11
const digitValues = 1 << digitBits
/** From the lowest: word and shift. */
const digits = [
  ['low', 0],
  ['low', 11],
  ['low', 22],
  ['high', 0],
  ['high', 11],
  ['high', 22],
] as const

/** Radix sort from the lowest digit (Knuth, The Art of Computer Programming 3, 5.2.5); stable, digits all share are passed over. */
function radixSort(keyed: Keyed, descending: boolean, step: (share: number) => void): Uint32Array {
  const { count } = keyed
  const cut = (words: Uint32Array) => words.subarray(0, count)
  let from: Words = { rows: cut(keyed.rows), high: cut(keyed.high), low: cut(keyed.low) }
  let to: Words = { rows: new Uint32Array(count), high: new Uint32Array(count), low: new Uint32Array(count) }
  for (const [done, [word, shift]] of digits.entries()) {
    const starts = digitStarts(from[word], shift, descending)
    if (!starts) continue
    const words = from[word]
    for (let i = 0; i < count; i++) {
      const at = starts[(words[i]! >>> shift) & (digitValues - 1)]!++
      to.rows[at] = from.rows[i]!
      to.high[at] = from.high[i]!
      to.low[at] = from.low[i]!
    }
    const spare = from
    from = to
    to = spare
    step(0.6 + (0.4 * (done + 1)) / digits.length)
  }
  return from.rows
}

/** Where each digit's rows begin; undefined when all rows share it. */
function digitStarts(words: Uint32Array, shift: number, descending: boolean): Uint32Array | undefined {
  const counts = new Uint32Array(digitValues)
  for (let i = 0; i < words.length; i++) counts[(words[i]! >>> shift) & (digitValues - 1)]!++
  if (counts.includes(words.length)) return undefined
  let next = 0
  const starts = new Uint32Array(digitValues)
  for (let i = 0; i < digitValues; i++) {
    const digit = descending ? digitValues - 1 - i : i
    starts[digit] = next
    next += counts[digit]!
  }
  return starts
}
