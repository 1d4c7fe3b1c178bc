import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import type { Asked, Asker } from './contest.ts'
import type { Task } from './tasks.ts'

/** Optuna's TPE in a process of its own, asked and told line by line. */
export function optunaAskers(python: string) {
  const child = spawn(python, [path.join(import.meta.dirname, 'peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const say = async (message: object) => {
    child.stdin.write(`${JSON.stringify(message)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('Optuna has ended.')
    return JSON.parse(value as string) as Asked['settings']
  }
  return {
    open(task: Task, seed: number): Asker {
      const opened = say({ do: 'open', space: task.space, seed })
      let number = 0
      return {
        async ask() {
          await opened
          return { number: number++, settings: await say({ do: 'ask' }), share: 1 }
        },
        async tell(_asked, value) {
          await say({ do: 'tell', value: Number.isFinite(value) ? value : null })
        },
      }
    },
    close: () => void child.stdin.end(),
  }
}
