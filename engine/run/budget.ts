/** Shares the engine's threads and memory among steps that run at once. */
export interface Budget {
  /** Waits for a share, or for the whole machine when `alone`; undefined when `signal` aborts first. Nothing is shared out before `grant`. */
  request(signal: AbortSignal, alone?: boolean): Promise<Lease | undefined>
  /** Shares what is free among those who wait. Called when every step that could ask has asked. */
  grant(): void
}

export interface Lease {
  readonly threads: number
  readonly bytes: number
  release(): void
}

interface Waiter {
  readonly alone: boolean
  readonly resolve: (lease: Lease | undefined) => void
}

/**
 * First come, first served; each gets at least one thread, and an equal part of the free ones when few wait. Memory
 * follows threads.
 */
export function createBudget(total: { threads: number; bytes: number }): Budget {
  const waiting: Waiter[] = []
  let free = total.threads
  let freeBytes = total.bytes

  function grant(): void {
    while (free > 0 && waiting.length > 0) {
      const { alone } = waiting[0]!
      // Who needs quiet waits for it, and those behind wait too: else it would never come.
      if (alone && free < total.threads) return
      const threads = alone ? free : Math.max(1, Math.floor(free / waiting.length))
      const bytes = threads === free ? freeBytes : Math.floor((total.bytes * threads) / total.threads)
      waiting.shift()!.resolve(lease(threads, bytes))
    }
  }
  function lease(threads: number, bytes: number): Lease {
    let held = true
    free -= threads
    freeBytes -= bytes
    return {
      threads,
      bytes,
      release() {
        if (!held) return
        held = false
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
