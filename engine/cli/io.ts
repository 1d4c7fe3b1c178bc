/** What a command may reach of its process; tests hand in their own. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: Output
  readonly error: Output
  /** Calls back at each interrupt (Ctrl+C) until released. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once. */
  exit(code: number): void
}

export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  readonly columns: number
  readonly rows: number
}

/** The real process. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    out: streamOutput(process.stdout),
    error: streamOutput(process.stderr),
    onInterrupt(listener) {
      for (const signal of interrupts) process.on(signal, listener)
      return () => {
        for (const signal of interrupts) process.off(signal, listener)
      }
    },
    exit: (code) => process.exit(code),
  }
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function streamOutput(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    write: (text) => {
      stream.write(text)
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns || 100
    },
    get rows() {
      return stream.rows || 40
    },
  }
}
