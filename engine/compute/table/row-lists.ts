import { ProblemError } from '#contract'
import type { TableThread } from './start-thread.ts'
import type { FindJob, FoundPart } from './table-jobs.ts'

/** Rows that a question found, in its order; more come in while it is being answered. */
export interface RowList {
  readonly found: number
  /** Rows that can be read by now. */
  readonly ready: number
  /** Share of the work that is done; undefined when all is. */
  readonly looking: number | undefined
  rows(offset: number, limit: number): Uint32Array
  /** Settles when so many rows can be read, or all is done, or the time is over; rejects when the search ends early. */
  until(rows: number, patienceMs?: number): Promise<void>
}

/** Finished lists are kept up to so many rows, four bytes each. */
const mostKeptRows = 48_000_000
/** A search that is followed is ended when nobody has asked for so long. */
const patienceMs = 10_000

class GrowingList implements RowList {
  readonly #parts: { readonly start: number; readonly rows: Uint32Array }[] = []
  readonly #listeners = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly followers = new Set<string>()
  #problem: unknown
  #done = false
  #share = 0
  found = 0
  ready = 0
  askedAt = performance.now()
  /** Somebody waits for all of it. */
  awaited = false

  constructor(thread: TableThread, job: FindJob) {
    const onPart = (part: FoundPart) => this.#take(part)
    thread.ask(job, { onPart, signal: this.#stop.signal }).then(
      () => this.#end(),
      (error) => this.#end(error),
    )
  }

  get looking(): number | undefined {
    return this.#done ? undefined : this.#share
  }
  get failed(): boolean {
    return this.#problem !== undefined
  }

  #take({ rows, found, share }: FoundPart): void {
    if (rows && rows.length > 0) this.#parts.push({ start: this.ready, rows })
    this.ready += rows?.length ?? 0
    this.found = found
    this.#share = share
    for (const listener of this.#listeners) listener()
  }

  #end(problem?: unknown): void {
    this.#done = true
    this.#problem = problem
    for (const listener of this.#listeners) listener()
  }

  stop(): void {
    this.#stop.abort()
    if (!this.#done)
      this.#end(new ProblemError({ code: 'cancelled', message: 'Another question came in place of this one.' }))
  }

  rows(offset: number, limit: number): Uint32Array {
    const end = Math.min(offset + limit, this.ready)
    const out = new Uint32Array(Math.max(0, end - offset))
    for (const { start, rows } of this.#parts) {
      if (start >= end || start + rows.length <= offset) continue
      out.set(rows.subarray(Math.max(0, offset - start), end - start), Math.max(0, start - offset))
    }
    return out
  }

  until(rows: number, patience?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const settle = () => {
        clearTimeout(timer)
        this.#listeners.delete(look)
        if (this.#problem === undefined) resolve()
        else reject(this.#problem)
      }
      const look = () => {
        if (this.#done || this.ready >= rows) settle()
      }
      this.#listeners.add(look)
      if (patience !== undefined) timer = setTimeout(settle, patience)
      look()
    })
  }
}

export interface RowLists {
  /** The rows of a question, by its key; `view` says who follows it, and leaves the one it followed before. */
  of(key: string, job: () => FindJob, view?: string): RowList
  close(): void
}

export function createRowLists(thread: TableThread): RowLists {
  const lists = new Map<string, GrowingList>()
  const drop = (key: string, list: GrowingList) => {
    lists.delete(key)
    list.stop()
  }
  const watch = setInterval(() => {
    for (const [key, list] of lists)
      if (list.looking !== undefined && !list.awaited && performance.now() - list.askedAt > patienceMs) drop(key, list)
  }, 1_000).unref()
  const leave = (view: string, staying: string) => {
    for (const [key, list] of lists) {
      if (key === staying || !list.followers.delete(view)) continue
      if (list.looking !== undefined && list.followers.size === 0 && !list.awaited) drop(key, list)
    }
  }
  const trim = () => {
    let rows = [...lists.values()].reduce((sum, { ready }) => sum + ready, 0)
    for (const [key, list] of lists) {
      if (rows <= mostKeptRows || lists.size === 1) break
      if (list.looking !== undefined) continue
      rows -= list.ready
      drop(key, list)
    }
  }
  return {
    of(key, job, view) {
      if (view !== undefined) leave(view, key)
      const known = lists.get(key)
      const list = known && !known.failed ? known : new GrowingList(thread, job())
      lists.delete(key)
      lists.set(key, list)
      list.askedAt = performance.now()
      if (view === undefined) list.awaited = true
      else list.followers.add(view)
      trim()
      return list
    },
    close() {
      clearInterval(watch)
      for (const [key, list] of lists) drop(key, list)
    },
  }
}
