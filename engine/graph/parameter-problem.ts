import type { z } from 'zod'
import { shortValue } from './fingerprint.ts'
import { nearest } from './nearest.ts'

type Issue = z.core.$ZodIssue

/** A schema issue as a plain sentence with its cure. `name` is how the value is called in it; `root` is what was parsed. */
export function issueProblem(issue: Issue, name: string, root: unknown): { message: string; fix: string } {
  const value = valueAt(root, issue.path)
  switch (issue.code) {
    case 'invalid_type':
      return typeProblem(issue.expected, name, value)
    case 'too_small':
      return boundProblem(issue.origin, 'at least', Number(issue.minimum), issue.inclusive !== false, name, value)
    case 'too_big':
      return boundProblem(issue.origin, 'at most', Number(issue.maximum), issue.inclusive !== false, name, value)
    case 'invalid_value':
      return choiceProblem(issue.values.map(String), name, value)
    case 'unrecognized_keys':
      return unknownKeysProblem(issue.keys, name)
    case 'not_multiple_of':
      return {
        message: `${name} is ${shortValue(value)}, which is no multiple of ${issue.divisor}.`,
        fix: `Enter a multiple of ${issue.divisor}.`,
      }
    case 'invalid_format':
      return formatProblem(issue, name, value)
    case 'invalid_union':
      return {
        message: `${name} is ${shortValue(value)}, which fits none of the forms it may have.`,
        fix: unionFix(issue.errors),
      }
    case 'invalid_key':
      return {
        message: `${name} has a name that is not allowed: ${issue.issues.map((inner) => inner.message).join('; ')}.`,
        fix: 'Rename it.',
      }
    default:
      return { message: `${name} is ${shortValue(value)}: ${issue.message}.`, fix: 'Enter another value.' }
  }
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  )
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no (true or false)',
  array: 'a list',
  object: 'a group of named values',
  record: 'a group of named values',
  tuple: 'a list of fixed length',
  null: 'nothing',
}

function typeProblem(expected: string, name: string, value: unknown) {
  const wanted = typeWords[expected] ?? expected
  if (value === undefined || value === null)
    return { message: `${name} is not set; it needs ${wanted}.`, fix: `Set ${name}.` }
  return { message: `${name} is ${shortValue(value)}, not ${wanted}.`, fix: `Enter ${wanted}.` }
}

const counted: Readonly<Record<string, readonly [string, string]>> = {
  string: ['letter', 'letters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
}

function boundProblem(
  origin: string,
  side: 'at least' | 'at most',
  limit: number,
  inclusive: boolean,
  name: string,
  value: unknown,
) {
  const unit = counted[origin]
  const words = inclusive ? side : side === 'at least' ? 'more than' : 'less than'
  if (!unit)
    return {
      message: `${name} is ${shortValue(value)}; it must be ${words} ${limit}.`,
      fix: `Enter a number that is ${words} ${limit}.`,
    }
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : 0
  if (length === 0 && limit === 1) return { message: `${name} is empty.`, fix: `Set ${name}.` }
  const count = `${words} ${limit} ${limit === 1 ? unit[0] : unit[1]}`
  return {
    message: `${name} has ${length} ${length === 1 ? unit[0] : unit[1]}; it needs ${count}.`,
    fix: `Give ${count}.`,
  }
}

function choiceProblem(choices: readonly string[], name: string, value: unknown) {
  const list = choices.slice(0, 20).join(', ')
  if (value === undefined || value === null)
    return { message: `${name} is not set; it is one of ${list}.`, fix: `Choose one of ${list}.` }
  const close = typeof value === 'string' ? nearest(value, choices) : undefined
  return {
    message: `${name} is ${shortValue(value)}, which is none of ${list}.`,
    fix: close ? `Choose ${close}.` : `Choose one of ${list}.`,
  }
}

function unknownKeysProblem(keys: readonly string[], name: string) {
  const list = keys.map((key) => `"${key}"`).join(', ')
  return {
    message: `${name} has ${keys.length === 1 ? 'an entry' : 'entries'} that nothing reads: ${list}.`,
    fix: `Remove ${list}.`,
  }
}

function formatProblem(issue: Extract<Issue, { code: 'invalid_format' }>, name: string, value: unknown) {
  const own = /^Invalid /.test(issue.message)
    ? `text of the form ${issue.format === 'regex' ? String(issue.pattern) : issue.format}`
    : issue.message
  return { message: `${name} is ${shortValue(value)}; it must be ${own}.`, fix: `Write ${own}.` }
}

function unionFix(errors: readonly (readonly Issue[])[]): string {
  const words = errors.flatMap((list) =>
    list.map((issue) => (issue.code === 'invalid_type' ? typeWords[issue.expected] : undefined)),
  )
  const known = [...new Set(words.filter((word) => word !== undefined))]
  return known.length > 0 ? `Enter ${known.join(' or ')}.` : 'Enter another value.'
}
