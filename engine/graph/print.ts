import type { PipelineDocument, PipelineGroup } from '#contract'
import { sortedEdges } from './adjacency.ts'

/**
 * The one text of a document: fixed order of the parts, names sorted, one parameter, one wire, one assertion, one position a line, so that
 * two versions of a file differ in exactly the lines that changed.
 */
export function printDocument(document: PipelineDocument): string {
  const { $schema, format, name, description, seed, groups } = document
  const parts: (readonly [string, string])[] = [
    ...($schema === undefined ? [] : [['$schema', JSON.stringify($schema)] as const]),
    ['format', inline(format)],
    ['name', inline(name)],
    ['description', inline(description)],
    ['seed', inline(seed)],
    ...canvasParts(document, 1),
    ...(groups === undefined ? [] : [['groups', record(groups, 1, printGroup)] as const]),
  ]
  return `${block(parts, 0)}\n`
}

type Canvas = Pick<PipelineDocument, 'nodes' | 'edges' | 'inputs' | 'layout' | 'frames' | 'notes'>

/** What a pipeline and a group have in common; `depth` is that of their names. */
function canvasParts(canvas: Canvas, depth: number): (readonly [string, string])[] {
  const { nodes, edges, inputs, layout, frames, notes } = canvas
  const rows = (lines: readonly string[]) => list(lines, depth)
  return [
    ['nodes', record(nodes, depth, (node) => printNode(node, depth + 1))],
    ['edges', rows(sortedEdges(edges).map((edge) => printEdge(edge, depth + 1)))],
    ['inputs', record(inputs, depth, (target) => inline(target))],
    ['layout', record(layout, depth, (position) => inline(position))],
    ['frames', rows(frames.map(({ title, x, y, width, height }) => inline({ title, x, y, width, height }, true)))],
    ['notes', rows(notes.map(({ text, x, y, width }) => inline({ text, x, y, width }, true)))],
  ]
}

function printGroup(group: PipelineGroup): string {
  const { title, version, newer } = group
  const heads = { title, version, newer }
  return block(
    [
      ...Object.entries(heads).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, inline(value)] as const],
      ),
      ...canvasParts(group, 3),
    ],
    2,
  )
}

/** A wire on one line; each of its assertions on a line of its own. */
function printEdge({ from, to, assertions = [] }: PipelineDocument['edges'][number], depth: number): string {
  const ends = inline({ from, to }, true)
  if (assertions.length === 0) return ends
  const lines = assertions.map(({ metric, column, operator, limit }) =>
    inline({ metric, column, operator, limit }, true),
  )
  return `${ends.slice(0, -2)}, "assertions": ${list(lines, depth)} }`
}

function printNode(node: PipelineDocument['nodes'][string], depth: number): string {
  return block(
    [
      ['type', inline(node.type)],
      ['version', inline(node.version)],
      ...(node.title === undefined ? [] : [['title', inline(node.title)] as const]),
      ['params', record(node.params, depth + 1, (value) => inline(value))],
    ],
    depth,
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

function list(lines: readonly string[], depth: number): string {
  const indent = '  '.repeat(depth)
  return lines.length === 0 ? '[]' : `[\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}]`
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
