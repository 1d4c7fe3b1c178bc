import type { Column, Cure, JsonValue, PortSchema } from '#contract'
import { shortValue } from '../fingerprint.ts'
import { nearest } from '../nearest.ts'
import { addBackCures } from './add-back-cures.ts'
import { columnsFor, type NodeProblem, parameterSchema, parameterTitle, setParameter } from './cure-view.ts'

/** Cures of a problem whose path leads to a parameter. */
export function parameterCures(of: NodeProblem): readonly Cure[] {
  const [, first, ...rest] = of.problem.path!
  const name = String(first)
  if (!parameterSchema(of, name)) return unknownParameter(of, name)
  return [
    ...columnCures(of, name),
    ...fileCures(of, name),
    ...figureCures(of, name, rest),
    ...valueCures(of, name, rest),
  ]
}

function unknownParameter({ node, card, params }: NodeProblem, name: string): readonly Cure[] {
  const { properties = {} } = card.params as { readonly properties?: object }
  const close = nearest(name, Object.keys(properties))
  const remove: Cure = { label: `Remove “${name}”`, edits: [{ do: 'reset', node, param: name }] }
  if (!close || close in params) return [remove]
  const value = params[name] ?? null
  return [
    { label: `Rename it to “${close}”`, edits: [{ do: 'set', node, param: close, value }, ...remove.edits] },
    remove,
  ]
}

/** A column that is there in the place of one that is not, or none. */
function columnCures(of: NodeProblem, name: string): readonly Cure[] {
  const { problem, node, params } = of
  const schema = parameterSchema(of, name)!
  const columns = columnsFor(of, name)
  const value = params[name]
  const [bad] = problem.columns ?? []
  if (bad !== undefined && value !== undefined) {
    const fitting = allowed(columns, schema.types)
    const others = fitting.filter(({ name: other }) => other !== bad).map(({ name: other }) => other)
    const close = nearest(bad, others) ?? (problem.code === 'column-type' ? others[0] : undefined)
    const without = setParameter(node, name, replaced(value, bad, undefined) ?? null, `Leave “${bad}” out`)
    return [
      ...(close === undefined ? [] : [setParameter(node, name, replaced(value, bad, close)!, `Choose “${close}”`)]),
      ...(Array.isArray(value) ? [without] : []),
      ...addBackCures(of, name, bad),
    ]
  }
  const picks = schema.widget === 'column' || schema.widget === 'columns'
  if (problem.code !== 'role-missing' || !picks) return []
  const likely = likelyColumns(allowed(columns, schema.types), `${name} ${problem.message}`).slice(0, 2)
  return likely.map((column) =>
    setParameter(node, name, schema.widget === 'columns' ? [column] : column, `Choose “${column}”`),
  )
}

function allowed(columns: readonly Column[], types: JsonValue | undefined): readonly Column[] {
  return Array.isArray(types) ? columns.filter(({ type }) => types.includes(type)) : columns
}

/** The value without a text, or with another in its place; entries of lists that named it go with it. */
function replaced(value: JsonValue, bad: string, good: string | undefined): JsonValue | undefined {
  if (value === bad) return good
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const next = replaced(item, bad, good)
      return next === undefined ? [] : [next]
    })
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, replaced(item, bad, good)] as const)
  return entries.some(([, item]) => item === undefined) ? undefined : (Object.fromEntries(entries) as JsonValue)
}

const hints: readonly (readonly [asked: RegExp, named: RegExp])[] = [
  [/\btime\b/i, /date|time|year|month|day|when/i],
  [/protected/i, /\bage|sex|gender|race|ethnic|religion|disab|national|marital/i],
  [/target/i, /target|label|class|outcome|approved|churn|price|default/i],
  [/group/i, /group|household|family|customer|patient|region|code|id$/i],
  [/hash|identifier/i, /\bid|person|customer|applicant|name|key/i],
]

/** Columns by how well their names fit what is asked; those of a role that says otherwise come last. */
function likelyColumns(columns: readonly Column[], asked: string): readonly string[] {
  const patterns = hints.filter(([words]) => words.test(asked)).map(([, names]) => names)
  const taken = new Set(['target', 'id', 'split', 'weight'])
  const rank = ({ name, role, type }: Column) =>
    (patterns.some((pattern) => pattern.test(name)) ? 0 : 2) +
    (role !== undefined && taken.has(role) ? 4 : 0) +
    (type === 'text' || type === 'date' ? 0 : 1)
  return [...columns].sort((a, b) => rank(a) - rank(b)).map(({ name }) => name)
}

/** The file that was likely meant. */
function fileCures(of: NodeProblem, name: string): readonly Cure[] {
  const { node, params, view } = of
  if (parameterSchema(of, name)!.widget !== 'file') return []
  const given = typeof params[name] === 'string' ? params[name] : ''
  const files = (view.files ?? []).filter((file) => file !== given)
  const base = (file: string) => file.split('/').at(-1)!
  const same = files.find((file) => base(file).toLowerCase() === base(given).toLowerCase())
  const close =
    same ?? nearest(given, files) ?? files.find((file) => base(file) === nearest(base(given), files.map(base)))
  const offered = [...new Set([close, ...files])].filter((file) => file !== undefined).slice(0, close ? 1 : 3)
  return offered.map((file) => setParameter(node, name, file, `Read ${file}`))
}

/** The figure that was likely meant, among those announced at the inputs. */
function figureCures({ problem, view, node, params }: NodeProblem, name: string, rest: Path): readonly Cure[] {
  if (problem.code !== 'not-found') return []
  const bad = at(params[name], rest)
  const schemas = Object.values(view.nodes[node]?.inputs ?? {}).flat() as readonly (PortSchema | undefined)[]
  const known = schemas.flatMap((schema) => schema?.metrics ?? []).filter((metric) => !metric.endsWith('.'))
  const close = typeof bad === 'string' ? nearest(bad, known) : undefined
  if (close === undefined) return []
  return [setParameter(node, name, replaced(params[name]!, bad as string, close)!, `Use “${close}”`)]
}

type Path = readonly (string | number)[]

function at(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as never)[key] : undefined),
    value,
  )
}

/** A choice near the one made, an entry taken away, the default, or the default of what made the parameter count. */
function valueCures(of: NodeProblem, name: string, rest: Path): readonly Cure[] {
  const { problem, node, params } = of
  const schema = parameterSchema(of, name)!
  const value = params[name]
  const [entry] = rest
  if (typeof entry === 'number' && Array.isArray(value) && problem.code === 'parameter-bad')
    return [setParameter(node, name, value.toSpliced(entry, 1), `Take entry ${entry + 1} away`)]
  const choices = Array.isArray(schema.enum) ? schema.enum.filter((choice) => typeof choice === 'string') : []
  const close = typeof value === 'string' && !choices.includes(value) ? nearest(value, choices) : undefined
  const usual = [defaultCure(of, name), conditionCures(of, schema.when)]
  return [
    ...(close === undefined ? [] : [setParameter(node, name, close, `Choose “${close}”`)]),
    // Where the data speak against a choice, no other value of the parameter is likelier to do.
    ...(problem.code === 'data-bad' ? usual.reverse() : usual).flat(),
  ]
}

function defaultCure(of: NodeProblem, name: string): readonly Cure[] {
  const { params, node } = of
  const usual = parameterSchema(of, name)?.default
  if (!Object.hasOwn(params, name) || usual === undefined || shortValue(usual) === shortValue(params[name])) return []
  const words = usual === '' || (Array.isArray(usual) && usual.length === 0) ? '' : `, ${shortValue(usual)}`
  return [
    {
      label: `Set “${parameterTitle(of, name)}” back to its default${words}`,
      edits: [{ do: 'reset', node, param: name }],
    },
  ]
}

/** What a parameter needs because of a choice made elsewhere is not needed where that choice goes back. */
function conditionCures(of: NodeProblem, when: JsonValue | undefined): readonly Cure[] {
  if (typeof when !== 'object' || when === null) return []
  return Object.keys(when).flatMap((name) => defaultCure(of, name))
}
