import { type JsonValue, type NodeCard, type Port, ProblemError } from '#contract'
import { nearestType } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { type Command, exitCodes, jsonFlag } from './command.ts'
import { textTable } from './text-table.ts'

export const nodesCommand: Command = {
  words: 'nodes',
  summary: 'list node types, or describe one',
  positionals: [{ name: 'TYPE', optional: true, doc: 'family/name: describe this one' }],
  flags: jsonFlag,
  async run({ given, io }) {
    const { catalogue } = await import('#nodes')
    const cards = catalogue.map(describeNode)
    const type = given.value('TYPE')
    const chosen = type === undefined ? undefined : cards.find((card) => card.type === type)
    if (type !== undefined && !chosen) {
      const family = cards.filter((card) => card.type.startsWith(`${type.replace(/\/$/, '')}/`))
      if (family.length === 0) throw unknownType(type, catalogue)
      io.out.write(given.has('json') ? `${JSON.stringify(family, null, 2)}\n` : `${listText(family)}\n`)
    } else if (given.has('json')) io.out.write(`${JSON.stringify(chosen ?? cards, null, 2)}\n`)
    else io.out.write(`${chosen ? cardText(chosen) : listText(cards)}\n`)
    return exitCodes.done
  },
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
