import type { FeatureOpinion, JsonValue } from '#contract'
import { canonicalJson } from './canonical.ts'

export { canonicalJson } from './canonical.ts'

/** Everything the result of a step depends on. Ids, titles, positions, folders, machine and user are not among it. */
export interface StepKeyParts {
  readonly type: string
  readonly version: number
  /** Parsed parameters, defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>
  readonly seed: number
  /** Artifact hashes by input port; in the order of the wires for ports that take many. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>
  /** Content hashes of external files by the path the parameters name them with. */
  readonly sources: Readonly<Record<string, string>>
  /** Ids of the reviews that a reviewed node looks at. */
  readonly reviews?: readonly string[]
  /** What reviewers want of features, for a node that consults them. */
  readonly opinions?: readonly FeatureOpinion[]
  /** One hash over the project's source files reachable from the node's own. */
  readonly code: string
  /** Versions of the native libraries the node uses, by name. */
  readonly natives: Readonly<Record<string, string>>
}

/** The canonical text of a step's key; its SHA-256 is the key. */
export function stepKey(parts: StepKeyParts): string {
  const { type, version, params, seed, inputs, sources, reviews, opinions, code, natives } = parts
  const judged = { ...(reviews && { reviews }), ...(opinions && { opinions }) }
  return canonicalJson({ type, version, params, seed, inputs, sources, ...judged, code, natives })
}

export function parseStepKey(text: string): StepKeyParts {
  return JSON.parse(text) as StepKeyParts
}

/** What differs between two keys of one place in a pipeline, in words: "trees 100 → 300", "file changed: loans.csv". */
export function describeKeyChange(older: StepKeyParts | string, newer: StepKeyParts | string): string[] {
  const a = typeof older === 'string' ? parseStepKey(older) : older
  const b = typeof newer === 'string' ? parseStepKey(newer) : newer
  if (a.type !== b.type) return [`node type ${a.type} → ${b.type}`]
  return [
    ...(a.version === b.version ? [] : [`node version ${a.version} → ${b.version}`]),
    ...valueChanges('', a.params, b.params),
    ...(a.seed === b.seed ? [] : [`seed ${a.seed} → ${b.seed}`]),
    ...differing(a.inputs, b.inputs).map((port) => `input changed: ${port}`),
    ...differing(a.sources, b.sources).map((path) => `file changed: ${fileName(path)}`),
    ...(canonicalJson(a.reviews ?? []) === canonicalJson(b.reviews ?? []) ? [] : ['a review came in']),
    ...(canonicalJson(a.opinions ?? []) === canonicalJson(b.opinions ?? []) ? [] : ['reviewers want other features']),
    ...(a.code === b.code ? [] : ['the code of this node changed']),
    ...differing(a.natives, b.natives).map(
      (name) => `${name} ${a.natives[name] ?? 'none'} → ${b.natives[name] ?? 'none'}`,
    ),
  ]
}

function differing(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  const same = (key: string) => key in a && key in b && canonicalJson(a[key]) === canonicalJson(b[key])
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().filter((key) => !same(key))
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

function valueChanges(
  prefix: string,
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): string[] {
  return differing(a, b).flatMap((key) => {
    const [from, to] = [a[key], b[key]]
    const name = prefix ? `${prefix}.${key}` : key
    if (isPlain(from) && isPlain(to)) return valueChanges(name, from, to)
    return [`${name} ${shortValue(from)} → ${shortValue(to)}`]
  })
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const longest = 60

/** A value in a sentence: texts bare, the rest as JSON, bounded. */
export function shortValue(value: unknown): string {
  if (value === undefined) return 'none'
  const text = typeof value === 'string' ? (value === '' ? '""' : value) : canonicalJson(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
