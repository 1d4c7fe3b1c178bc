/** Shares the engine's threads and memory among steps that run at once. */
export interface Budget {
  /** Waits for a share, or for the whole machine when `alone`; undefined when `signal` aborts first. Nothing is shared out before `grant`. */
  request(signal: AbortSignal, alone?: boolean): Promise<Lease | undefined>
  /** Shares what is free among those who wait; what is left goes to who wants more, when `all` who could ask have asked. */
  grant(all?: boolean): void
}

export interface Lease {
  readonly threads: number
  readonly bytes: number
  /** Hears how many threads it has from now on when some are left that nobody asks for. */
  wantMore(take: (threads: number) => void): void
  release(): void
}

interface Waiter {
  readonly alone: boolean
  readonly resolve: (lease: Lease | undefined) => void
}

/**
 * First come, first served; each gets at least one thread, and an equal part of the free ones when few wait. Memory
 * follows threads. What nobody asks for goes to those who can use more.
 */
export function createBudget(total: { threads: number; bytes: number }): Budget {
  const waiting: Waiter[] = []
  let free = total.threads
  let freeBytes = total.bytes
  const wanting = new Set<(threads: number) => void>()
  /** Nobody is about to ask: no step has ended since all had asked. */
  let quiet = false

  /** Free threads to those who want more, as evenly as they go. */
  function share(): void {
    if (!quiet || waiting.length > 0) return
    for (const [at, give] of [...wanting].entries()) {
      const threads = Math.ceil(free / (wanting.size - at))
      free -= threads
      if (threads > 0) give(threads)
    }
  }
  function grant(all = false): void {
    quiet ||= all
    while (free > 0 && waiting.length > 0) {
      const { alone } = waiting[0]!
      // Who needs quiet waits for it, and those behind wait too: else it would never come.
      if (alone && free < total.threads) return
      const threads = alone ? free : Math.max(1, Math.floor(free / waiting.length))
      const bytes = threads === free ? freeBytes : Math.floor((total.bytes * threads) / total.threads)
      waiting.shift()!.resolve(lease(threads, bytes))
    }
    share()
  }
  function lease(given: number, bytes: number): Lease {
    let held = true
    let threads = given
    let give: ((threads: number) => void) | undefined
    free -= threads
    freeBytes -= bytes
    return {
      get threads() {
        return threads
      },
      bytes,
      wantMore(take) {
        if (!held || give) return
        give = (more) => {
          threads += more
          take(threads)
        }
        wanting.add(give)
        share()
      },
      release() {
        if (!held) return
        held = false
        quiet = false
        if (give) wanting.delete(give)
        free += threads
        freeBytes += bytes
      },
    }
  }
  return {
    request: (signal, alone = false) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(undefined)
        const waiter = {
          alone,
          resolve(value: Lease | undefined) {
            signal.removeEventListener('abort', leave)
            resolve(value)
          },
        }
        const leave = () => {
          const at = waiting.indexOf(waiter)
          if (at >= 0) waiting.splice(at, 1)
          waiter.resolve(undefined)
        }
        signal.addEventListener('abort', leave)
        waiting.push(waiter)
      }),
    grant,
  }
}
