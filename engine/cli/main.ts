import v8 from 'node:v8'
import { nearest } from '#graph/nearest'
import { type Command, exitCodes, UsageError } from './command.ts'
import { type CommandEntry, commands } from './commands.ts'
import { commandHelp, overview } from './help.ts'
import { type Io, processIo } from './io.ts'
import { parseGiven } from './parse-given.ts'
import { engineVersion } from './version.ts'

/** The whole command line: finds the command, runs it, turns whatever it throws into sentences. Returns the exit code. */
export async function main(words: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    return await dispatch(words, io)
  } catch (error) {
    return await explain(error, words, io)
  }
}

async function dispatch(words: readonly string[], io: Io): Promise<number> {
  const [first] = words
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && words.length === 1)) {
    io.out.write(overview(commands, engineVersion()))
    return first === undefined ? exitCodes.badInput : exitCodes.done
  }
  if (first === '--version' || first === '-v') {
    io.out.write(`${engineVersion()}\n`)
    return exitCodes.done
  }
  if (first === 'help') return dispatch([...words.slice(1), '--help'], io)
  const { entry, rest } = findCommand(words)
  const command = await entry.load()
  if (asksForHelp(rest)) {
    io.out.write(helpWithFamily(command))
    return exitCodes.done
  }
  if (command.lasts) letYoungGrow()
  return command.run({ given: parseGiven(command, rest), io })
}

/** Undoes what bin/plumbline.mjs sets for commands that soon end. */
function letYoungGrow(): void {
  v8.setFlagsFromString('--semi-space-growth-factor=2')
}

function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--')
  return (end < 0 ? rest : rest.slice(0, end)).some((word) => word === '--help' || word === '-h')
}

/** `runs --help` also names `runs show` and its siblings. */
function helpWithFamily(command: Command): string {
  const family = commands.filter(({ words }) => words.startsWith(`${command.words} `))
  const lines = family.map(({ words, summary }) => `  plumbline ${words}: ${summary}`)
  return commandHelp(command) + (lines.length > 0 ? `\nSee also:\n${lines.join('\n')}\n` : '')
}

/** The longest command that the words begin with. Words of a family (`runs`) must be one of its own. */
function findCommand(words: readonly string[]): { entry: CommandEntry; rest: readonly string[] } {
  const [first, second] = words as readonly [string, string | undefined]
  const both = commands.find((command) => command.words === `${first} ${second}`)
  if (both) return { entry: both, rest: words.slice(2) }
  const one = commands.find((command) => command.words === first)
  if (!one) {
    const close = nearest(
      first,
      commands.map((command) => command.words),
    )
    throw new UsageError(
      `There is no command "${first}".`,
      close ? `Use "plumbline ${close}".` : 'See "plumbline --help".',
    )
  }
  const family = commands
    .filter((command) => command.words.startsWith(`${first} `))
    .map((command) => command.words.slice(first.length + 1))
  if (family.length > 0 && second !== undefined && !second.startsWith('-')) {
    const close = nearest(second, family)
    throw new UsageError(
      `"plumbline ${first}" has no command "${second}".`,
      close
        ? `Use "plumbline ${first} ${close}".`
        : `Use one of ${family.map((word) => `"plumbline ${first} ${word}"`).join(', ')}.`,
    )
  }
  return { entry: one, rest: words.slice(1) }
}

async function explain(error: unknown, words: readonly string[], io: Io): Promise<number> {
  if (error instanceof UsageError) {
    io.error.write(`${error.message}\n${error.fix}\n`)
    return exitCodes.badInput
  }
  const { problemsOf } = await import('#contract')
  const { problemsText } = await import('./problems-text.ts')
  const problems = problemsOf(error)
  if (words.includes('--json'))
    for (const problem of problems) io.out.write(`${JSON.stringify({ type: 'problem', ...problem })}\n`)
  else io.error.write(`${problemsText(problems)}\n`)
  const internal = problems.some((problem) => problem.code === 'internal')
  if (internal && io.env.PLUMBLINE_DEBUG && error instanceof Error) io.error.write(`${error.stack}\n`)
  if (problems.some((problem) => problem.code === 'cancelled')) return exitCodes.cancelled
  return internal ? exitCodes.failed : exitCodes.badInput
}
