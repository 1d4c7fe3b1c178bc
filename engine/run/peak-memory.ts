import { readFileSync, writeFileSync } from 'node:fs'

/** Measures the largest resident memory of this process between begin and end. */
export interface PeakMemory {
  /** Bytes. */
  end(): number
}

/**
 * Linux keeps a high-water mark that a process may reset for itself. Elsewhere the mark of the whole process counts when
 * this step raised it, else what is resident now.
 */
export function beginPeakMemory(): PeakMemory {
  const before = wholeLife()
  if (resetMark()) return { end: () => readMark() ?? process.memoryUsage.rss() }
  return {
    end() {
      const after = wholeLife()
      return after > before ? after : process.memoryUsage.rss()
    },
  }
}

function wholeLife(): number {
  return process.resourceUsage().maxRSS * 1024
}

function resetMark(): boolean {
  if (process.platform !== 'linux') return false
  try {
    writeFileSync('/proc/self/clear_refs', '5')
    return true
  } catch {
    return false
  }
}

function readMark(): number | undefined {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return line ? Number(line[1]) * 1024 : undefined
}
