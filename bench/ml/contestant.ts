import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What one round of a work took. */
export interface Round {
  readonly wall: number
  readonly cpu: number
  /** Most memory of the process so far. */
  readonly peak: number
}

export interface Contestant {
  /** False where the process ended before it could begin: the peer is not installed. */
  ready(): Promise<boolean>
  round(): Promise<Round>
  end(): void
}

/** A process that does its work once for each line it is sent and answers with a line of JSON. */
export function startContestant(command: readonly string[]): Contestant {
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', PYTHONWARNINGS: 'ignore', PYTHONDONTWRITEBYTECODE: '1' },
  })
  child.on('error', () => {})
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    ready: async () => (await lines.next()).done !== true,
    async round() {
      child.stdin!.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error(`${command.join(' ')} ended early`)
      return JSON.parse(value) as Round
    },
    end: () => child.stdin!.end(),
  }
}
