import type { Io } from './io.ts'

/** An Io that keeps what was written, for tests in this process. */
export interface TestingIo extends Io {
  readonly written: { out: string; error: string; exit?: number }
  /** Presses Ctrl+C. */
  interrupt(): void
}

export function testingIo(
  cwd: string,
  options: { isTerminal?: boolean; rows?: number; columns?: number } = {},
): TestingIo {
  const written: TestingIo['written'] = { out: '', error: '' }
  const listeners = new Set<() => void>()
  const size = { isTerminal: options.isTerminal ?? false, columns: options.columns ?? 100, rows: options.rows ?? 40 }
  return {
    cwd,
    env: {},
    out: {
      ...size,
      write: (text) => {
        written.out += text
      },
    },
    error: {
      ...size,
      write: (text) => {
        written.error += text
      },
    },
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: (code) => {
      written.exit = code
    },
    written,
    interrupt: () => {
      for (const listener of listeners) listener()
    },
  }
}
