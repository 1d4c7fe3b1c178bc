import { type Hash, isOfCells, type JsonValue, type NodeCard, type PipelineDocument, problemsOf } from '#contract'
import { portAddress } from '#graph/adjacency'
import { freePlace } from '../commands/acts/insert-node.ts'
import { addNode } from '../state/edits/add-node.ts'
import { connect } from '../state/edits/connect.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { renameNode, setParameter } from '../state/edits/set-parameter.ts'
import { fittingInput, nodeTitle } from '../state/judge-wire.ts'
import { nodeFace } from '../state/node-face.ts'
import { focusedNode } from '../state/view-store.ts'
import type { Workbench } from '../state/workbench.ts'
import { namedRows } from './named-rows.ts'
import { predicateWords } from './predicate-words.ts'
import type { RowSelection } from './row-selection.ts'
import { selectionMessages as words } from './selection-messages.ts'
import { conditionParameter, formAreas, formConditions, formPlaces } from './slice-conditions.ts'

/** The output that gives a table, as node.port: of the selected node where it does, else of the first. */
function portOf({ documents, checks, runs, view }: Workbench, table: Hash): string | undefined {
  const { nodes, edges } = documents.getState().document
  const [check, run] = [checks.getState().check, runs.getState()]
  const focused = focusedNode(view.getState().selection, nodes)
  const before = edges.filter(({ to }) => portAddress(to).node === focused).map(({ from }) => portAddress(from).node)
  const order = [...new Set([...(focused === null ? [] : [focused]), ...before, ...Object.keys(nodes)])]
  for (const node of order) {
    const outputs = Object.entries(nodeFace(node, check?.nodes[node], run).step?.outputs ?? {})
    const found = outputs.find(([, { hash }]) => hash === table)
    if (found) return `${node}.${found[0]}`
  }
  return undefined
}

const withTrait = (cards: Iterable<NodeCard>, trait: NodeCard['traits'][number]) =>
  [...cards].find(({ traits }) => traits.includes(trait))

/** A node fed by the table that judges slices, with what it would be told; undefined where there is none. */
function slicerOf(workbench: Workbench, from: string, selection: RowSelection) {
  const { documents, catalogue } = workbench
  const { document } = documents.getState()
  for (const { to } of document.edges.filter((edge) => edge.from === from)) {
    const { node } = portAddress(to)
    const card = catalogue.getState().byType.get(document.nodes[node]?.type ?? '')
    const parameter = card?.traits.includes('judges-slices') ? conditionParameter(card.params) : undefined
    const rows = parameter && formConditions(selection.where, selection.columns, parameter.orMissing)
    if (parameter && rows) return { node, parameter: parameter.name, rows }
  }
  return undefined
}

function addSlice(document: PipelineDocument, a: NonNullable<ReturnType<typeof slicerOf>>, name: string) {
  const old = document.nodes[a.node]?.params[a.parameter] as readonly JsonValue[] | undefined
  const rows = a.rows.map((row) => ({ name, ...row })) as readonly JsonValue[]
  return setParameter(document, a.node, a.parameter, [...(old ?? []), ...rows])
}

/** What a node that filters rows is told of the chosen ones; undefined where it has no words for them. */
async function filterParams({ engine }: Workbench, card: NodeCard, selection: RowSelection) {
  const { where, columns, table } = selection
  const parameter = conditionParameter(card.params)
  const placed = where.filter((one) => !isOfCells(one))
  const named = placed.length > 0 ? await namedRows(engine, table, placed) : undefined
  const conditions = [...where.filter((one) => 'column' in one), ...(named && 'column' in named ? [named] : [])]
  const known = named && 'column' in named ? [...columns, named.of] : columns
  const rows = parameter && formConditions(conditions, known, parameter.orMissing)
  if (!rows) return undefined
  return {
    ...(rows.length > 0 && { [parameter.name]: rows }),
    ...formAreas(where, columns),
    ...(named && 'places' in named && formPlaces(named.places, named.content)),
  } as Readonly<Record<string, JsonValue>>
}

/** Room for a node beside the one its rows come from. */
const beside = [250, 130] as const

/** Keeps the chosen rows: as a slice of a node that judges slices of their table, else as a node that filters rows. */
export async function keepSlice(workbench: Workbench): Promise<void> {
  const { documents, catalogue, notices, view, rowSelection } = workbench
  const { selection } = rowSelection.getState()
  if (!selection) return
  const from = portOf(workbench, selection.table)
  if (from === undefined) {
    notices.say(words.noPort, { topic: 'slice' })
    return
  }
  const sentence = predicateWords(selection.where, selection.columns)
  const { byType } = catalogue.getState()
  const slicer = slicerOf(workbench, from, selection)
  if (slicer) {
    documents.edit(words.edits.slice, (document) => addSlice(document, slicer, sentence))
    view.select([slicer.node])
    notices.say(words.added(nodeTitle(documents.getState().document, byType, slicer.node)), { topic: 'slice' })
    return
  }
  const card = withTrait(byType.values(), 'filters-rows')
  if (!card) return
  try {
    const params = await filterParams(workbench, card, selection)
    if (params) addFilter(workbench, { card, params, from, sentence })
  } catch (error) {
    const tooMany = problemsOf(error)[0]?.code === 'not-supported'
    notices.say(tooMany ? words.tooScattered : words.notCounted, { topic: 'slice' })
  }
}

interface KeptFilter {
  readonly card: NodeCard
  readonly params: Readonly<Record<string, JsonValue>>
  /** The port whose rows are kept. */
  readonly from: string
  readonly sentence: string
}

function addFilter(workbench: Workbench, { card, params, from, sentence }: KeptFilter): void {
  const { documents, catalogue, notices, view, canvas } = workbench
  const { byType } = catalogue.getState()
  let id = ''
  documents.edit(words.edits.filter, (document) => {
    const [x, y] = placeOf(document, portAddress(from).node)
    const added = addNode(document, card, freePlace(workbench, [x + beside[0], y + beside[1]]), params)
    id = added.id
    const input = fittingInput(added.document, byType, from, id)
    const wired = input === undefined ? added.document : connect(added.document, { from, to: input })
    return renameNode(wired, id, sentence)
  })
  view.select([id])
  notices.say(words.kept(card.title), { topic: 'slice' })
  requestAnimationFrame(() => canvas.current?.reveal(id))
}
