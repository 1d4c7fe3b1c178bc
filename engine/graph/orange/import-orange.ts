import { type JsonValue, type PipelineDocument, type PipelineEdge, ProblemError } from '#contract'
import { readPythonLiteral } from './python-literal.ts'
import { readXml, type XmlElement } from './read-xml.ts'
import { type Counterpart, counterparts, shownAnyway } from './widgets.ts'

/** What became of a widget. */
export interface ImportedWidget {
  readonly title: string
  readonly widget: string
  /** The node that stands for it; none where it was left out. */
  readonly node?: string
  readonly type?: string
  readonly note: string
}
export interface OrangeImport {
  readonly document: PipelineDocument
  readonly widgets: readonly ImportedWidget[]
}

interface Widget {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly place: readonly [number, number]
  readonly settings: Readonly<Record<string, JsonValue>>
  /** Of settings that only Orange can read: a table file named in them. */
  readonly path: string | undefined
  readonly counterpart: Counterpart | undefined
  readonly slug: string
}
interface Link {
  readonly from: string
  readonly to: string
  readonly channel: string
}

/**
 * A workflow of Orange (`.ows`, scheme 2.0) as a pipeline: widgets that have a counterpart become nodes, those that only
 * show something are not needed, others are left out and their data passes by. Settings are taken where they stand as
 * plain text; pickled ones are never run, only looked through for the name of a table file.
 */
export function importOrange(text: string, name: string): OrangeImport {
  const scheme = readXml(text)
  if (scheme?.name !== 'scheme')
    throw new ProblemError({
      code: 'file-format',
      message: 'The file is not a workflow of Orange.',
      fix: 'Choose a file that Orange has saved, ending in .ows.',
    })
  const widgets = readWidgets(scheme)
  const links = readLinks(scheme)
  const used = widgets.filter(({ counterpart }) => counterpart)
  const edges = wires(widgets, links)
  const document: PipelineDocument = {
    format: 1,
    name: scheme.attributes.title || name,
    description: scheme.attributes.description ?? '',
    seed: 1,
    nodes: Object.fromEntries(used.map((widget) => [widget.slug, nodeOf(widget)])),
    edges,
    inputs: {},
    layout: Object.fromEntries(used.map(({ slug, place }) => [slug, [place[0] * 1.6, place[1] * 1.3]])),
    frames: [],
    notes: [],
  }
  const report = widgets.map(describe)
  return { document: { ...document, notes: [...notesOf(scheme), reportNote(document, report)] }, widgets: report }
}

const childrenOf = (element: XmlElement, group: string, name: string) =>
  (element.children.find((child) => child.name === group)?.children ?? []).filter((child) => child.name === name)

function readWidgets(scheme: XmlElement): Widget[] {
  const properties = new Map(
    childrenOf(scheme, 'node_properties', 'properties').map((element) => [element.attributes.node_id, element]),
  )
  const taken = new Set<string>()
  return childrenOf(scheme, 'nodes', 'node').map(({ attributes }) => {
    const id = attributes.id ?? ''
    const name = attributes.qualified_name?.split('.').at(-1) ?? ''
    const title = attributes.title || attributes.name || name
    const kept = properties.get(id)
    const literal = kept?.attributes.format === 'literal' ? readPythonLiteral(kept.text) : undefined
    const settings = isRecord(literal) ? literal : {}
    const place = (attributes.position ?? '').match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? []
    return {
      id,
      name,
      title,
      place: [place[0] ?? 0, place[1] ?? 0],
      settings,
      path: kept && tablePath(kept),
      counterpart: counterparts[name],
      slug: freeSlug(title, taken),
    }
  })
}

const isRecord = (value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function freeSlug(title: string, taken: Set<string>): string {
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const plain = words.join('-').replace(/^\d[\d-]*/, '') || 'node'
  let slug = plain
  for (let number = 2; taken.has(slug); number++) slug = `${plain}-${number}`
  taken.add(slug)
  return slug
}

const tableName = /[^\p{Cc}"'<>|*?]+\.(?:csv|tsv|tab|txt|parquet)(?:\.gz)?/giu

/** The first table file named in settings, by its own name: the folders are those of another computer. */
function tablePath({ attributes, text }: XmlElement): string | undefined {
  const plain = attributes.format === 'pickle' ? decoded(text) : text
  const names = plain.match(tableName)?.map((found) => found.split(/[\\/]/).at(-1)!.trim())
  return names?.find((name) => name !== '')
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 as characters of one byte each; other signs are passed over. */
function decoded(text: string): string {
  let bits = 0
  let held = 0
  let bytes = ''
  for (const sign of text) {
    const value = base64.indexOf(sign)
    if (value < 0) continue
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes += String.fromCharCode((bits >> held) & 0xff)
  }
  return bytes
}

function readLinks(scheme: XmlElement): Link[] {
  return childrenOf(scheme, 'links', 'link')
    .filter(({ attributes }) => attributes.enabled !== 'false')
    .map(({ attributes }) => ({
      from: attributes.source_node_id ?? '',
      to: attributes.sink_node_id ?? '',
      channel: attributes.source_channel ?? '',
    }))
}

function nodeOf({ counterpart, settings, path, title }: Widget): PipelineDocument['nodes'][string] {
  const params = { ...counterpart!.params?.(settings), ...(counterpart!.type === 'data/read-file' && path && { path }) }
  return { type: counterpart!.type, version: 1, title, params: params as PipelineDocument['nodes'][string]['params'] }
}

type Carries = 'table' | 'model' | 'preparation'

function carried({ channel }: Link, source: Widget): Carries {
  if (/preprocessor/i.test(channel)) return 'preparation'
  return /learner|model|predictor|classifier/i.test(channel) && source.counterpart?.type.startsWith('train/') !== false
    ? 'model'
    : 'table'
}

const learns = (widget: Widget) => widget.counterpart?.type.startsWith('train/') === true

/** One wire a link, past widgets that were left out; learners get the rows of the judge they go to, as Orange does. */
function wires(widgets: readonly Widget[], links: readonly Link[]): PipelineEdge[] {
  const byId = new Map(widgets.map((widget) => [widget.id, widget]))
  const found = new Map<string, PipelineEdge>()
  const add = (from: string, to: string) => found.set(`${from} ${to}`, { from, to })
  /** Who gives a widget its rows: the nearest node up the way that gives a table. */
  const rowsOf = (id: string, seen: ReadonlySet<string> = new Set()): string | undefined => {
    for (const link of links) {
      const source = byId.get(link.from)
      if (link.to !== id || !source || seen.has(link.from) || carried(link, source) !== 'table') continue
      const given = givesTable(source) ? source.slug : rowsOf(link.from, new Set([...seen, id]))
      if (given !== undefined) return given
    }
    return undefined
  }
  for (const widget of widgets) {
    if (!widget.counterpart || widget.counterpart.type.startsWith('data/read')) continue
    const judged = links.map((link) => (link.from === widget.id ? link.to : undefined)).filter((id) => id !== undefined)
    const rows = rowsOf(widget.id) ?? (learns(widget) ? judged.map((id) => rowsOf(id)).find((slug) => slug) : undefined)
    if (rows !== undefined) add(`${rows}.table`, `${widget.slug}.table`)
  }
  for (const link of links) {
    const [source, sink] = [byId.get(link.from), byId.get(link.to)]
    if (!source?.counterpart || !sink?.counterpart) continue
    const kind = carried(link, source)
    if (kind === 'preparation' && source.counterpart.type === 'prepare/prepare' && learns(sink))
      add(`${source.slug}.preparation`, `${sink.slug}.preparation`)
    if (kind === 'model' && learns(source) && !learns(sink)) wireModel(source, sink, found, add)
  }
  return [...found.values()].sort((a, b) => (a.to + a.from < b.to + b.from ? -1 : 1))
}

const givesTable = ({ counterpart }: Widget) =>
  counterpart !== undefined && /^(data\/(read-file|split)|prepare\/select-features)$/.test(counterpart.type)

/** The first model is judged, the others are what it is compared with. */
function wireModel(
  source: Widget,
  sink: Widget,
  found: ReadonlyMap<string, PipelineEdge>,
  add: (from: string, to: string) => void,
): void {
  const taken = [...found.values()].some(({ to }) => to === `${sink.slug}.model`)
  if (!taken) add(`${source.slug}.model`, `${sink.slug}.model`)
  else if (sink.counterpart!.type === 'assess/evaluate') add(`${source.slug}.model`, `${sink.slug}.baseline`)
}

function describe(widget: Widget): ImportedWidget {
  const { title, name, counterpart, slug, settings } = widget
  if (counterpart) {
    const taken = Object.keys(nodeOf(widget).params)
    const settled = taken.length > 0 ? `Settings taken: ${taken.join(', ')}.` : 'Settings are the usual ones.'
    const read = Object.keys(settings).length === 0 && taken.length === 0 ? 'Its settings could not be read.' : settled
    const note = [counterpart.differs, read].filter(Boolean).join(' ')
    return { title, widget: name, node: slug, type: counterpart.type, note }
  }
  const note = shownAnyway.has(name)
    ? 'Not needed: every node shows its data and results.'
    : 'Left out: it has no counterpart, and what came in goes on unchanged.'
  return { title, widget: name, note }
}

function notesOf(scheme: XmlElement): PipelineDocument['notes'] {
  return childrenOf(scheme, 'annotations', 'text')
    .filter(({ text }) => text.trim() !== '')
    .map(({ attributes, text }) => {
      const [x = 0, y = 0, width = 200] = attributes.rect?.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? []
      return { text: text.trim(), x: x * 1.6, y: y * 1.3, width: Math.max(120, width * 1.6) }
    })
}

function reportNote(
  { layout }: PipelineDocument,
  widgets: readonly ImportedWidget[],
): PipelineDocument['notes'][number] {
  const places = Object.values(layout)
  const x = Math.min(0, ...places.map(([left]) => left))
  const y = Math.max(0, ...places.map(([, top]) => top)) + 200
  const lost = widgets.filter(({ node, note }) => node === undefined && note.startsWith('Left out'))
  const left =
    lost.length === 0 ? '' : ` Left out, without a counterpart: ${lost.map(({ title }) => title).join(', ')}.`
  const kept = widgets.filter(({ node }) => node !== undefined).length
  return { text: `Imported from Orange: ${kept} of ${widgets.length} widgets became nodes.${left}`, x, y, width: 420 }
}
