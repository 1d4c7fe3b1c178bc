import type { Command } from './command.ts'
import type { CommandEntry } from './commands.ts'
import { usageLine } from './parse-given.ts'

/** The first page: all commands with a line each. */
export function overview(commands: readonly CommandEntry[], version: string): string {
  const width = Math.max(...commands.map((command) => command.words.length))
  return `Plumbline ${version}: machine-learning pipelines that run locally and are recorded step by step.

Usage: plumbline COMMAND [OPTIONS]

${commands.map(({ words, summary }) => `  ${words.padEnd(width)}  ${summary}`).join('\n')}

"plumbline COMMAND --help" says more. Exit codes: 0 done, 1 a node failed, 2 the input has problems,
3 a gate failed, 4 waiting for a person, 130 cancelled.
`
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const rows: (readonly [string, string])[] = [
    ...command.positionals.map(({ name, doc }) => [name, doc] as const),
    ...Object.entries(command.flags).map(
      ([name, { value, doc }]) => [value ? `--${name} ${value}` : `--${name}`, doc] as const,
    ),
    ['--help', 'show this'],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, doc]) => `  ${name.padEnd(width)}  ${doc}`)
  const summary = command.summary.charAt(0).toUpperCase() + command.summary.slice(1)
  return `${summary}.\n\nUsage: plumbline ${usageLine(command)}\n\n${lines.join('\n')}\n${command.notes ? `\n${command.notes.trim()}\n` : ''}`
}
