/** An element of an XML file with its attributes, what stands in it, and its own text. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface OpenElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/\s*([^\s>]+)\s*>|<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+/g
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * The root of an XML file as programs write them for their own data: elements, attributes, text, comments, CDATA and the five
 * entities. Document types are passed over, so no entity can be declared. Undefined where tags don't match.
 */
export function readXml(file: string): XmlElement | undefined {
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  for (const [whole, raw, closed, opened, rest = ''] of file.matchAll(token)) {
    const inside = open.at(-1)!
    if (raw !== undefined) inside.text += raw
    else if (closed !== undefined) {
      if (open.length === 1 || inside.name !== closed) return undefined
      open.pop()
    } else if (opened !== undefined) {
      const element: OpenElement = { name: opened, attributes: attributesOf(rest), children: [], text: '' }
      inside.children.push(element)
      if (!rest.trimEnd().endsWith('/')) open.push(element)
    } else if (!whole.startsWith('<')) inside.text += plain(whole)
  }
  return open.length === 1 ? root.children[0] : undefined
}

const attributesOf = (text: string) =>
  Object.fromEntries(Array.from(text.matchAll(attribute), ([, name, a, b]) => [name!, plain(a ?? b ?? '')]))

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return entities[name] ?? whole
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
