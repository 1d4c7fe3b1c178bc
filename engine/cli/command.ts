import type { Io } from './io.ts'

/** Exit codes, the same for every command. */
export const exitCodes = { done: 0, failed: 1, badInput: 2, gateFailed: 3, waiting: 4, cancelled: 130 } as const

export interface Flag {
  /** What stands in the help for its value; a flag without one is a switch. */
  readonly value?: string
  readonly many?: true
  readonly doc: string
}
export interface Positional {
  readonly name: string
  readonly optional?: true
  /** The last one only: everything that is left, as `values` gives it. */
  readonly many?: true
  readonly doc: string
}

/** One command of `plumbline`, as data and one function. */
export interface Command {
  readonly words: string
  readonly summary: string
  readonly positionals: readonly Positional[]
  readonly flags: Readonly<Record<string, Flag>>
  /** More lines for its help: examples, exit codes. */
  readonly notes?: string
  /** It goes on for long, or works through much, in this process. */
  readonly lasts?: true
  /** Returns the exit code. */
  run(a: { readonly given: Given; readonly io: Io }): Promise<number>
}

/** What was given on the command line, checked against the command's own list. */
export interface Given {
  /** A positional that the command needs. */
  positional(name: string): string
  /** A positional or flag with a value. */
  value(name: string): string | undefined
  values(flag: string): readonly string[]
  has(flag: string): boolean
}

/** A command line that can not be understood: a sentence and the cure. */
export class UsageError extends Error {
  readonly fix: string
  constructor(message: string, fix: string) {
    super(message)
    this.name = 'UsageError'
    this.fix = fix
  }
}

export const projectFlag: Readonly<Record<string, Flag>> = {
  project: { value: 'DIR', doc: 'the project folder (default: the nearest one above with a plumbline.json)' },
}
export const jsonFlag: Readonly<Record<string, Flag>> = { json: { doc: 'print JSON instead of text' } }
