import { expect, test } from 'vitest'
import type { PipelineDocument, PipelineGroup } from '#contract'
import { emptyDocument } from './empty-document.ts'
import { copyNodes, parseFragment, pasteNodes, printFragment } from './paste-nodes.ts'

const node = (type: string) => ({ type, version: 1, params: {} })
const group = (title: string, type: string): PipelineGroup => ({
  title,
  version: 1,
  nodes: { one: node(type) },
  edges: [],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
})
const source: PipelineDocument = {
  ...emptyDocument('A'),
  nodes: { clean: node('group/clean'), other: node('data/split') },
  groups: { clean: group('Clean', 'group/scale'), scale: group('Scale', 'data/split'), unused: group('Unused', 'a/b') },
}
const copied = parseFragment(printFragment(copyNodes(source, new Set(['clean']))))!

test('groups come along, with those inside', () => {
  const { document, ids } = pasteNodes(emptyDocument('B'), copied, [0, 0])
  expect(ids).toEqual(['clean'])
  expect(document.groups).toEqual({ clean: source.groups!.clean, scale: source.groups!.scale })
})

test('a group that is there already is shared; another of the same name keeps it', () => {
  expect(pasteNodes(source, copied, [0, 0]).document.groups).toEqual(source.groups)
  const taken = { ...emptyDocument('B'), groups: { scale: group('Mine', 'data/example') } }
  const { document } = pasteNodes(taken, copied, [0, 0])
  expect(document.groups!.scale!.title).toBe('Mine')
  expect(document.groups!['scale-2']!.title).toBe('Scale')
  expect(document.nodes.clean!.type).toBe('group/clean')
  expect(document.groups!.clean!.nodes.one!.type).toBe('group/scale-2')
})

test('a group whose inside means something else here is another group', () => {
  const other = { ...source, groups: { ...source.groups, scale: group('Mine', 'data/example') } }
  const { document, ids } = pasteNodes(other, copied, [0, 0])
  expect(document.nodes[ids[0]!]!.type).toBe('group/clean-2')
  expect(document.groups!['clean-2']!.nodes.one!.type).toBe('group/scale-2')
  expect(document.groups!.clean!.nodes.one!.type).toBe('group/scale')
})
