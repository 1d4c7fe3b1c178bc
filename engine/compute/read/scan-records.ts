/**
 * Cuts delimited text into records and fields after RFC 4180, kindly: blanks around fields don't count, the last line
 * needs no end, lines may end in LF, CR LF or CR. Works on text whose characters are single bytes (UTF-8 bytes as
 * Latin-1), so that pieces of a file can be cut anywhere.
 */
const newline = 10
const carriage = 13
const blank = 32

/** Longest record; a quote that was never closed must not swallow the file. */
const recordLimit = 16 * 1_048_576

export class RecordScanner {
  readonly #delimiter: number
  readonly #quote: number
  readonly #quoteText: string
  #starts = new Int32Array(64)
  #ends = new Int32Array(64)
  /** 0 plain, 1 quoted, 2 quoted with doubled quotes inside. */
  #quoting = new Uint8Array(64)
  #text = ''
  #next = 0
  #newlines = 0
  /** Fields of the current record. */
  fields = 0
  /** Line on which the current record starts, from 1. */
  line = 1
  /** Why the current record can not be cut, or ''. */
  fault = ''
  /** The current record's place in the text. */
  start = 0
  end = 0

  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#quote = quote === 'none' ? -1 : quote.charCodeAt(0)
    this.#quoteText = quote
  }

  get text(): string {
    return this.#text
  }

  startOf(field: number): number {
    return this.#starts[field]!
  }

  endOf(field: number): number {
    return this.#ends[field]!
  }

  isQuoted(field: number): boolean {
    return this.#quoting[field] !== 0
  }

  /** A line with nothing on it. */
  get isBlank(): boolean {
    return this.fault === '' && this.fields === 1 && this.#starts[0] === this.#ends[0] && this.#quoting[0] === 0
  }

  /** A field's content; still bytes as characters. */
  field(index: number): string {
    const content = this.#text.slice(this.#starts[index]!, this.#ends[index]!)
    return this.#quoting[index] === 2 ? content.replaceAll(this.#quoteText + this.#quoteText, this.#quoteText) : content
  }

  /** The record as it stands in the file, without its line end. */
  recordText(): string {
    return this.#text.slice(this.start, this.end)
  }

  #add(start: number, end: number, quoting: number): void {
    if (this.fields === this.#starts.length) {
      const size = this.fields * 2
      const grow = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => {
        fresh.set(old)
        return fresh
      }
      this.#starts = grow(this.#starts, new Int32Array(size))
      this.#ends = grow(this.#ends, new Int32Array(size))
      this.#quoting = grow(this.#quoting, new Uint8Array(size))
    }
    this.#starts[this.fields] = start
    this.#ends[this.fields] = end
    this.#quoting[this.fields++] = quoting
  }

  /**
   * Calls `onRecord` for every complete record of the text; it may return false to stop. Returns how much of the text
   * was used: the rest belongs in front of the next piece. `last` says that nothing follows.
   */
  scan(text: string, last: boolean, onRecord: (record: this) => boolean | undefined): number {
    this.#text = text
    let at = 0
    while (at < text.length) {
      this.start = at
      this.fields = 0
      this.fault = ''
      this.#newlines = 0
      if (!this.#readRecord(at, last || text.length - at > recordLimit)) return at
      const lines = this.#newlines
      at = this.#next
      const goesOn = onRecord(this)
      this.line += lines + 1
      if (goesOn === false) return at
    }
    return at
  }

  /** Reads one record; false when the text ends before it does. */
  #readRecord(from: number, last: boolean): boolean {
    let at = from
    for (;;) {
      const done = this.#readField(at, last)
      if (done === 'more') return false
      if (done === 'fault') return this.#giveUp(from, last)
      at = this.#next
      if (done === 'line') return true
    }
  }

  /** Takes the first line of a record that can not be cut as a whole record and goes on behind it. */
  #giveUp(from: number, last: boolean): boolean {
    const text = this.#text
    let end = from
    while (end < text.length && text.charCodeAt(end) !== newline && text.charCodeAt(end) !== carriage) end++
    this.#newlines = 0
    this.fields = 0
    return this.#endLine(end, last)
  }

  /** Notes the record's end and steps over its line end. */
  #endLine(at: number, last: boolean): boolean {
    const text = this.#text
    this.end = at
    if (at < text.length && text.charCodeAt(at) === carriage) {
      if (at + 1 === text.length && !last) return false
      this.#next = text.charCodeAt(at + 1) === newline ? at + 2 : at + 1
      return true
    }
    this.#next = Math.min(text.length, at + 1)
    return at < text.length || last
  }

  #readField(from: number, last: boolean): 'field' | 'line' | 'more' | 'fault' {
    const text = this.#text
    const size = text.length
    let at = from
    while (at < size && text.charCodeAt(at) === blank) at++
    if (at < size && text.charCodeAt(at) === this.#quote) return this.#readQuoted(at + 1, last)
    const start = at
    let code = 0
    for (; at < size; at++) {
      code = text.charCodeAt(at)
      if (code === this.#delimiter || code === newline || code === carriage) break
    }
    if (at === size && !last) return 'more'
    let end = at
    while (end > start && text.charCodeAt(end - 1) === blank) end--
    this.#add(start, end, 0)
    return this.#separate(at, last)
  }

  /** What stands behind a field: a delimiter, a line end or the end of the text. */
  #separate(at: number, last: boolean): 'field' | 'line' | 'more' {
    if (at < this.#text.length && this.#text.charCodeAt(at) === this.#delimiter) {
      this.#next = at + 1
      if (this.#next < this.#text.length || !last) return this.#next < this.#text.length ? 'field' : 'more'
      this.#add(this.#next, this.#next, 0)
      this.end = this.#next
      return 'line'
    }
    return this.#endLine(at, last) ? 'line' : 'more'
  }

  #readQuoted(start: number, last: boolean): 'field' | 'line' | 'more' | 'fault' {
    const text = this.#text
    let quoting = 1
    let end = text.indexOf(this.#quoteText, start)
    while (end >= 0 && text.charCodeAt(end + 1) === this.#quote) {
      quoting = 2
      end = text.indexOf(this.#quoteText, end + 2)
    }
    if (end < 0 || (end + 1 === text.length && !last)) {
      this.fault = 'a quote is opened and never closed'
      return last ? 'fault' : 'more'
    }
    let at = end + 1
    while (at < text.length && text.charCodeAt(at) === blank) at++
    if (at === text.length && !last) return 'more'
    const code = text.charCodeAt(at)
    if (at < text.length && code !== this.#delimiter && code !== newline && code !== carriage) {
      this.fault = 'text follows a closing quote'
      return 'fault'
    }
    this.#countLines(start, end)
    this.#add(start, end, quoting)
    return this.#separate(at, last)
  }

  #countLines(start: number, end: number): void {
    const text = this.#text
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at)
      if (code === newline || (code === carriage && text.charCodeAt(at + 1) !== newline)) this.#newlines++
    }
  }
}
