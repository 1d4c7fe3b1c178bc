import type { Cure, JsonValue, NodeCard, PortSchema } from '#contract'
import { portAddress } from '../adjacency.ts'
import { type CureView, type NodeProblem, nodeWords, parameterSchema, setParameter } from './cure-view.ts'

/** A column that a node further up has taken out of the table, to be kept there again. */
export function addBackCures(of: NodeProblem, param: string, column: string): readonly Cure[] {
  const input = parameterSchema(of, param)?.of
  const loser = whereLost(of.view, `${of.node}.${typeof input === 'string' ? input : 'table'}`, column)
  if (loser === undefined) return []
  const { view } = of
  const node = view.document.nodes[loser]!
  const card = view.cards.find(({ type }) => type === node.type)
  const params = { ...card?.defaults, ...node.params } as Readonly<Record<string, JsonValue>>
  return Object.entries(card ? schemas(card) : {}).flatMap(([name, schema]) => {
    const next = keeping(schema, params[name], column)
    const label = `Add “${column}” back in ${nodeWords(view, loser)}`
    return next === undefined ? [] : [setParameter(loser, name, next, label)]
  })
}

type Schema = Readonly<Record<string, JsonValue>>

function schemas(card: NodeCard): Readonly<Record<string, Schema>> {
  return (card.params as { readonly properties?: Readonly<Record<string, Schema>> }).properties ?? {}
}

/** The node nearest upstream that is given the column and does not hand it on. */
function whereLost(view: CureView, address: string, column: string, seen: readonly string[] = []): string | undefined {
  const source = view.document.edges.find(({ to }) => to === address)
  const node = source && portAddress(source.from).node
  if (node === undefined || seen.includes(node)) return undefined
  const card = view.cards.find(({ type }) => type === view.document.nodes[node]?.type)
  const tables = Object.entries(card?.inputs ?? {}).filter(([, { type }]) => type === 'table')
  for (const [port] of tables) {
    if (has(view.nodes[node]?.inputs[port], column)) return node
    const above = whereLost(view, `${node}.${port}`, column, [...seen, node])
    if (above !== undefined) return above
  }
  return undefined
}

function has(schema: PortSchema | readonly PortSchema[] | undefined, column: string): boolean {
  const all = Array.isArray(schema) ? (schema as readonly PortSchema[]) : [schema as PortSchema | undefined]
  return all.some((one) => one?.columns?.some(({ name }) => name === column))
}

/** The value with which the parameter lets the column through: out of a list of those to drop, into one of those to keep. */
function keeping(schema: Schema, value: JsonValue | undefined, column: string): JsonValue | undefined {
  const choices = Array.isArray(schema.enum) ? schema.enum : []
  if (value === 'drop' && choices.includes('keep')) return 'keep'
  if (schema.widget !== 'columns' || !Array.isArray(value) || value.length === 0) return undefined
  return value.includes(column) ? value.filter((name) => name !== column) : [...value, column]
}
