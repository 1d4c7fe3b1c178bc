import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { namedFile } from './project.ts'

export const openCommand: Command = {
  words: 'open',
  lasts: true,
  summary: 'open the app',
  positionals: [{ name: 'FILE', optional: true, doc: 'the pipeline file (default: the loan example)' }],
  flags: {
    'no-window': { doc: 'print the address and wait' },
    browser: { doc: 'a browser window even where Electron is there' },
    ...projectFlag,
  },
  async run({ given, io }) {
    const file = given.value('FILE') === undefined ? undefined : namedFile(given, io).path
    const project = given.value('project')
    const words = [
      fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url)),
      ...(file ? [file] : []),
      ...['no-window', 'browser'].filter((flag) => given.has(flag)).map((flag) => `--${flag}`),
      ...(project ? ['--project', path.resolve(io.cwd, project)] : []),
    ]
    const child = spawn(process.execPath, words, { stdio: 'inherit', cwd: io.cwd })
    const release = io.onInterrupt(() => child.kill('SIGINT'))
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    release()
    return code ?? exitCodes.cancelled
  },
}
