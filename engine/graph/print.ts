import type { PipelineDocument } from '#contract'
import { sortedEdges } from './adjacency.ts'

/**
 * The one text of a document: fixed order of the parts, names sorted, one parameter, one wire, one assertion, one position a line, so that
 * two versions of a file differ in exactly the lines that changed.
 */
export function printDocument(document: PipelineDocument): string {
  const { $schema, format, name, description, seed, nodes, edges, inputs, layout, frames, notes } = document
  const parts: (readonly [string, string])[] = [
    ...($schema === undefined ? [] : [['$schema', JSON.stringify($schema)] as const]),
    ['format', inline(format)],
    ['name', inline(name)],
    ['description', inline(description)],
    ['seed', inline(seed)],
    ['nodes', record(nodes, 1, (node) => printNode(node))],
    ['edges', list(sortedEdges(edges).map(printEdge))],
    ['inputs', record(inputs, 1, (target) => inline(target))],
    ['layout', record(layout, 1, (position) => inline(position))],
    ['frames', list(frames.map(({ title, x, y, width, height }) => inline({ title, x, y, width, height }, true)))],
    ['notes', list(notes.map(({ text, x, y, width }) => inline({ text, x, y, width }, true)))],
  ]
  return `${block(parts, 0)}\n`
}

/** A wire on one line; each of its assertions on a line of its own. */
function printEdge({ from, to, assertions = [] }: PipelineDocument['edges'][number]): string {
  const ends = inline({ from, to }, true)
  if (assertions.length === 0) return ends
  const lines = assertions.map(({ metric, column, operator, limit }) =>
    inline({ metric, column, operator, limit }, true),
  )
  return `${ends.slice(0, -2)}, "assertions": [\n${lines.map((line) => `      ${line}`).join(',\n')}\n    ] }`
}

function printNode(node: PipelineDocument['nodes'][string]): string {
  return block(
    [
      ['type', inline(node.type)],
      ['version', inline(node.version)],
      ...(node.title === undefined ? [] : [['title', inline(node.title)] as const]),
      ['params', record(node.params, 3, (value) => inline(value))],
    ],
    2,
  )
}

function record<T>(values: Readonly<Record<string, T>>, depth: number, print: (value: T) => string): string {
  const names = Object.keys(values).sort()
  return block(
    names.map((name) => [name, print(values[name]!)] as const),
    depth,
  )
}

function block(entries: readonly (readonly [string, string])[], depth: number): string {
  if (entries.length === 0) return '{}'
  const indent = '  '.repeat(depth + 1)
  const lines = entries.map(([name, text]) => `${indent}${JSON.stringify(name)}: ${text}`)
  return `{\n${lines.join(',\n')}\n${'  '.repeat(depth)}}`
}

function list(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]`
}

/** JSON on one line with spaces after commas and colons; keys sorted unless their order is given. */
function inline(value: unknown, keepOrder = false): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item)).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (!keepOrder) entries.sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([name, item]) => `${JSON.stringify(name)}: ${inline(item)}`).join(', ')} }`
}
