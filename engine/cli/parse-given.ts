import { nearest } from '#graph/nearest'
import { type Command, type Flag, type Given, UsageError } from './command.ts'

type Shape = Pick<Command, 'words' | 'positionals' | 'flags'>

/** Reads the words behind a command. `--name value` and `--name=value` are the same; everything behind `--` is positional. */
export function parseGiven(command: Shape, words: readonly string[]): Given {
  const flags = new Map<string, string[]>()
  const positionals: string[] = []
  const left = [...words]
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      positionals.push(...left.splice(0))
    } else if (word.startsWith('--')) {
      const { name, value } = readFlag(command, word, left)
      flags.set(name, [...(flags.get(name) ?? []), value])
    } else if (word.startsWith('-') && word.length > 1) throw unknownFlag(command, word)
    else positionals.push(word)
  }
  const last = command.positionals.at(-1)
  const rest = last?.many ? positionals.splice(command.positionals.length - 1) : []
  const named = namedPositionals(command, [...positionals, ...rest.slice(0, 1)])
  return {
    positional: (name) => named.get(name)!,
    value: (name) => named.get(name) ?? flags.get(name)?.at(-1),
    values: (name) => (last?.many && name === last.name ? rest : (flags.get(name) ?? [])),
    has: (flag) => flags.has(flag),
  }
}

function readFlag(command: Shape, word: string, left: string[]): { name: string; value: string } {
  const equals = word.indexOf('=')
  const name = word.slice(2, equals < 0 ? undefined : equals)
  const flag: Flag | undefined = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined
  if (!flag) throw unknownFlag(command, word.slice(0, equals < 0 ? undefined : equals))
  if (!flag.value) {
    if (equals >= 0) throw new UsageError(`--${name} takes no value.`, `Write --${name} alone.`)
    return { name, value: '' }
  }
  const value = equals < 0 ? left.shift() : word.slice(equals + 1)
  if (value === undefined) throw new UsageError(`--${name} needs a value.`, `Write --${name} ${flag.value}.`)
  return { name, value }
}

function unknownFlag(command: Shape, word: string): UsageError {
  const names = [...Object.keys(command.flags), 'help']
  const close = nearest(word.replace(/^-+/, ''), names)
  const help = `See "plumbline ${command.words} --help".`
  return new UsageError(`"plumbline ${command.words}" has no option ${word}.`, close ? `Use --${close}.` : help)
}

function namedPositionals(command: Shape, given: readonly string[]): Map<string, string> {
  const named = new Map<string, string>()
  for (const [index, { name, optional, doc }] of command.positionals.entries()) {
    const value = given[index]
    if (value !== undefined) named.set(name, value)
    else if (!optional)
      throw new UsageError(
        `"plumbline ${command.words}" needs ${name}: ${doc}.`,
        `Write plumbline ${usageLine(command)}.`,
      )
  }
  const extra = given[command.positionals.length]
  if (extra === undefined) return named
  throw new UsageError(
    `"plumbline ${command.words}" does not know what to do with "${extra}".`,
    `Write plumbline ${usageLine(command)}.`,
  )
}

/** "run FILE [--set NAME=VALUE …] [--json]" */
export function usageLine(command: Shape): string {
  const positionals = command.positionals.map(({ name, optional, many }) => {
    const shown = many ? `${name} …` : name
    return optional ? `[${shown}]` : shown
  })
  const flags = Object.entries(command.flags).map(([name, { value, many }]) => {
    const inner = value ? `--${name} ${value}` : `--${name}`
    return many ? `[${inner} …]` : `[${inner}]`
  })
  return [command.words, ...positionals, ...flags].join(' ')
}
