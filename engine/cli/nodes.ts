import { type CustomNodes, type JsonValue, type NodeCard, type Port, ProblemError } from '#contract'
import { nearestType } from '#graph/check'
import { type Command, exitCodes, type Given, jsonFlag, projectFlag } from './command.ts'
import type { Io } from './io.ts'
import { currentProjectOrNone } from './project.ts'
import { textTable } from './text-table.ts'
import { withNodes } from './with-nodes.ts'

export const nodesCommand: Command = {
  words: 'nodes',
  summary: 'list node types, or describe one',
  positionals: [{ name: 'TYPE', optional: true, doc: 'family/name: describe this one' }],
  flags: { ...jsonFlag, ...projectFlag },
  notes: 'Nodes of the project around the working directory are listed too, once they are trusted.',
  async run({ given, io }) {
    const project = currentProjectOrNone(given, io)
    await withNodes(project === undefined ? { project: io.cwd, documents: [] } : { project }, async (nodes) => {
      const type = given.value('TYPE')
      const why = type === undefined ? [] : nodes.whyAbsent(type)
      if (why.length > 0) throw new ProblemError(why)
      tell(nodes.cards, type, given, io)
      if (type === undefined && nodes.custom && !given.has('json')) io.out.write(absentText(nodes.custom))
    })
    return exitCodes.done
  },
}

function tell(cards: readonly NodeCard[], type: string | undefined, given: Given, io: Io): void {
  const chosen = type === undefined ? undefined : cards.find((card) => card.type === type)
  if (type !== undefined && !chosen) {
    const family = cards.filter((card) => card.type.startsWith(`${type.replace(/\/$/, '')}/`))
    if (family.length === 0) throw unknownType(type, cards)
    io.out.write(given.has('json') ? `${JSON.stringify(family, null, 2)}\n` : `${listText(family)}\n`)
  } else if (given.has('json')) io.out.write(`${JSON.stringify(chosen ?? cards, null, 2)}\n`)
  else io.out.write(`${chosen ? cardText(chosen) : listText(cards)}\n`)
}

/** Nodes of the project that are not in the list, and why. */
function absentText({ nodes }: CustomNodes): string {
  const rows = nodes.flatMap(({ type, name, state, problems }) =>
    state === 'ready'
      ? []
      : [
          [
            type || name,
            state === 'untrusted' ? 'not trusted: see "plumbline node trust"' : (problems[0]?.message ?? ''),
          ],
        ],
  )
  return rows.length > 0 ? `\nNodes of this project that do not run\n${textTable(rows, '  ')}\n` : ''
}

function unknownType(type: string, known: Parameters<typeof nearestType>[1]): ProblemError {
  const close = nearestType(type, known)
  return new ProblemError({
    code: 'node-unknown',
    message: `There is no node type "${type}".`,
    fix: close ? `See "plumbline nodes ${close}".` : 'See "plumbline nodes" for all there are.',
  })
}

function listText(cards: readonly NodeCard[]): string {
  return textTable(
    cards.map((card) => [
      card.type,
      card.title,
      `${Object.keys(card.inputs).join(', ') || '–'} → ${Object.keys(card.outputs).join(', ')}`,
    ]),
  )
}

function cardText(card: NodeCard): string {
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    ['Inputs', portRows(card.inputs)],
    ['Outputs', portRows(card.outputs)],
    ['Parameters', parameterRows(card)],
  ]
  return [
    `${card.title} (${card.type}, version ${card.version})`,
    card.doc.trim(),
    ...sections.filter(([, rows]) => rows.length > 0).map(([title, rows]) => `${title}\n${textTable(rows, '  ')}`),
  ].join('\n\n')
}

function portRows(ports: Readonly<Record<string, Port>>): string[][] {
  return Object.entries(ports).map(([name, port]) => [
    name,
    `${port.type}${port.many ? ', any number' : port.optional ? ', optional' : ''}`,
    port.doc,
  ])
}

function parameterRows(card: NodeCard): string[][] {
  const { properties = {} } = card.params as {
    readonly properties?: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>
  }
  return Object.entries(properties).map(([name, property]) => [
    name,
    Array.isArray(property.enum) ? property.enum.join('|') : String(property.widget ?? property.type ?? ''),
    Object.hasOwn(card.defaults, name) ? JSON.stringify(card.defaults[name]) : 'needed',
    String(property.description ?? property.title ?? ''),
  ])
}
