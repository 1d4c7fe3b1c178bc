import type { LineageGraph } from '#contract'
import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { findRun } from './find-run.ts'
import { withEngine } from './open-engine.ts'
import { currentProject } from './project.ts'

const formats: Readonly<Record<string, (graph: LineageGraph) => string>> = {
  text: lineageText,
  json: (graph) => JSON.stringify(graph, null, 2),
  dot: lineageDot,
}

export const lineageCommand: Command = {
  words: 'lineage',
  summary: 'show what an artifact or run was made from',
  positionals: [{ name: 'OF', doc: 'the hash of an artifact, or a run: its id, the beginning of it, or "last"' }],
  flags: { format: { value: 'text|json|dot', doc: 'text (default), JSON, or DOT for Graphviz' }, ...projectFlag },
  async run({ given, io }) {
    const print = formats[given.value('format') ?? 'text']
    if (!print)
      throw new UsageError(`--format is text, json or dot, not "${given.value('format')}".`, 'Write --format text.')
    const of = given.positional('OF')
    const graph = await withEngine(currentProject(given, io), async (engine) =>
      engine.lineage({ of: /^[0-9a-f]{64}$/.test(of) ? of : await runOrArtifact(() => findRun(engine, of), of) }),
    )
    io.out.write(`${print(graph)}\n`)
    return exitCodes.done
  },
}

/** A run if one is called so, else the beginning of an artifact's hash, which the engine looks up. */
async function runOrArtifact(find: () => Promise<string>, of: string): Promise<string> {
  try {
    return await find()
  } catch (error) {
    if (/^[0-9a-f]{6,63}$/.test(of)) return of
    throw error
  }
}

/** Every step and artifact below what it was made from; what was shown already is named again without its own. */
export function lineageText({ vertices, arrows }: LineageGraph): string {
  const labels = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const made = new Map<string, { to: string; port: string }[]>()
  for (const { from, to, port } of arrows) made.set(from, [...(made.get(from) ?? []), { to, port }])
  const targets = new Set(arrows.map((arrow) => arrow.to))
  const shown = new Set<string>()
  const lines: string[] = []
  const stack = vertices
    .filter((vertex) => !targets.has(vertex.id))
    .map(({ id }) => ({ id, depth: 0, port: '' }))
    .reverse()
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { id, depth, port } = next
    const vertex = labels.get(id)
    const again = shown.has(id)
    const mark = { artifact: '■', step: '▸', source: '○' }[vertex?.kind ?? 'artifact']
    const detail = vertex?.detail ? `  ${vertex.detail}` : ''
    lines.push(
      `${'  '.repeat(depth)}${mark} ${port ? `${port}: ` : ''}${vertex?.label ?? id}${detail}${again ? '  (above)' : ''}`,
    )
    if (again) continue
    shown.add(id)
    for (const { to, port: name } of [...(made.get(id) ?? [])].reverse())
      stack.push({ id: to, depth: depth + 1, port: name })
  }
  return lines.join('\n')
}

export function lineageDot({ vertices, arrows }: LineageGraph): string {
  const shapes = { artifact: 'note', step: 'box', source: 'cylinder' }
  const lines = [
    ...vertices.map(
      ({ id, kind, label, detail }) =>
        `  ${quoted(id)} [shape=${shapes[kind]}, label=${quoted(detail ? `${label}\n${detail}` : label)}]`,
    ),
    ...arrows.map(({ from, to, port }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(port)}]`),
  ]
  return `digraph lineage {\n  rankdir=LR\n${lines.join('\n')}\n}`
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
