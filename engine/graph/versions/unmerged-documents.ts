import type { PipelineDocument } from '#contract'
import { canonicalJson } from '../canonical.ts'
import { parseDocument } from '../parse.ts'
import { documentFacts, documentOf } from './document-facts.ts'

export interface UnmergedDocuments {
  readonly ours: PipelineDocument
  readonly base: PipelineDocument
  readonly theirs: PipelineDocument
}

/**
 * The versions in a text that git left with the marks of an unfinished merge; undefined where there are no marks or a
 * side of them is no pipeline. Where git did not write the base (`merge.conflictStyle=diff3` does), it is what both
 * sides have alike: then nothing counts as removed.
 */
export function unmergedDocuments(text: string): UnmergedDocuments | undefined {
  const sides = sidesOf(text)
  if (!sides) return undefined
  const [ours, base, theirs] = [sides.ours, sides.base, sides.theirs].map((side) =>
    side === undefined ? undefined : parseSide(side),
  )
  return ours && theirs ? { ours, base: base ?? commonDocument(ours, theirs), theirs } : undefined
}

const marks = [
  ['<<<<<<<', 'ours'],
  ['|||||||', 'base'],
  ['=======', 'theirs'],
  ['>>>>>>>', 'all'],
] as const

function sidesOf(text: string): { ours: string; base?: string; theirs: string } | undefined {
  const lines = { ours: [] as string[], base: [] as string[], theirs: [] as string[] }
  let part: (typeof marks)[number][1] = 'all'
  const seen = new Set<string>()
  for (const line of text.split('\n')) {
    const mark = marks.find(([sign]) => line === sign || line.startsWith(`${sign} `) || line === `${sign}\r`)
    if (mark) {
      part = mark[1]
      seen.add(part)
    } else if (part === 'all') for (const side of Object.values(lines)) side.push(line)
    else lines[part].push(line)
  }
  if (!seen.has('ours') || !seen.has('theirs') || part !== 'all') return undefined
  const [ours, base, theirs] = [lines.ours, lines.base, lines.theirs].map((side) => side.join('\n'))
  return { ours: ours!, theirs: theirs!, ...(seen.has('base') && { base: base! }) }
}

/** A side may miss a comma, or have one too many, at the seam of a mark. */
function parseSide(text: string): PipelineDocument | undefined {
  const mended = text.replace(/,(\s*[\]}])/g, '$1').replace(/([\d\w"\]}])(\s*\n\s*")/g, '$1,$2')
  return parseDocument(text).document ?? parseDocument(mended).document
}

function commonDocument(a: PipelineDocument, b: PipelineDocument): PipelineDocument {
  const [of, other] = [documentFacts(a), documentFacts(b)]
  const alike = [...of].filter(([place, value]) => canonicalJson(other.get(place) ?? null) === canonicalJson(value))
  return documentOf(new Map(alike), a.format)
}
