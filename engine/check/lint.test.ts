import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createInferContext } from '#compute/context'
import type { LintFinding, PipelineDocument } from '#contract'
import { adjacency } from '#graph/adjacency'
import { applyEdits } from '#graph/apply-edits'
import { checkDocument } from '#graph/check'
import { describeNode } from '#graph/describe-node'
import { groupCards } from '#graph/groups/group-cards'
import { packNodes } from '#graph/groups/pack-nodes'
import { lintDocument } from '#graph/lint/lint-document'
import { createRandom } from '#ml/random/random'
import { catalogue } from '#nodes'
import { type MadePipeline, type Mistake, makePipeline, mistakes } from './pipeline-makers.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function lintOf({ document, csv }: MadePipeline): Promise<{
  readonly findings: readonly LintFinding[]
  again(document: PipelineDocument): Promise<{ findings: readonly LintFinding[]; problems: readonly unknown[] }>
}> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-lint-'))
  folders.push(folder)
  writeFileSync(path.join(folder, 'rows.csv'), csv)
  const again = async (of: PipelineDocument) => {
    const infer = createInferContext({ project: folder, temporary: path.join(folder, 'temporary') })
    const checked = await checkDocument(of, catalogue, infer)
    await infer.close()
    return { findings: lintDocument(of, catalogue.map(describeNode), checked), problems: checked.problems }
  }
  return { findings: (await again(document)).findings, again }
}

const seeds = [1, 2, 3]

describe.each(Object.keys(mistakes) as Mistake[])('%s', (mistake) => {
  test.each(seeds)('is found, and its cure heals it without a new problem (seed %i)', async (seed) => {
    const made = makePipeline(createRandom(seed).split(mistake), mistake)
    const { findings, again } = await lintOf(made)
    const found = findings.find(({ rule }) => rule === mistake)
    expect(findings.map(({ rule }) => rule)).toContain(mistake)
    expect(found!.cure.edits.length).toBeGreaterThan(0)
    const healed = await again(applyEdits(made.document, found!.cure.edits))
    expect(healed.problems).toEqual([])
    expect(healed.findings.map(({ rule }) => rule)).not.toContain(mistake)
  })
})

const cards = catalogue.map(describeNode)

/** Every node in a group of its own, and the first two of them in another: each wire leads over the edge of some group. */
function apart(document: PipelineDocument): PipelineDocument {
  const pack = (of: PipelineDocument, ids: readonly string[]) => {
    const types = new Map([...cards, ...groupCards(of.groups, cards)].map((card) => [card.type, card]))
    const answer = packNodes(of, new Set(ids), ids.join(' and '), types)
    if ('code' in answer) throw new Error(answer.message)
    return answer
  }
  const groups: string[] = []
  const single = adjacency(document).order.reduce((now, id) => {
    const packed = pack(now, [id])
    groups.push(packed.id)
    return packed.document
  }, document)
  return pack(single, groups.slice(0, 2)).document
}

test.each(Object.keys(mistakes) as Mistake[])(
  '%s is cured by a click over the edges of groups too',
  async (mistake) => {
    const made = makePipeline(createRandom(1).split(mistake), mistake)
    const document = apart(made.document)
    const { findings, again } = await lintOf({ ...made, document })
    const found = findings.find(({ rule }) => rule === mistake)!
    expect(found.cure.edits.length).toBeGreaterThan(0)
    expect(found.cure.note ?? '').toMatch(/^(Changes the inside of the group “[^”]+”\. ?)*$/)
    const healed = await again(applyEdits(document, found.cure.edits))
    expect(healed.problems).toEqual([])
    expect(healed.findings.map(({ rule }) => rule)).not.toContain(mistake)
  },
)

test('thirty pipelines without a mistake raise no alarm', async () => {
  const alarms: string[] = []
  for (let seed = 0; seed < 30; seed++) {
    const { findings } = await lintOf(makePipeline(createRandom(seed).split('good')))
    for (const { rule, message } of findings) alarms.push(`seed ${seed}, ${rule}: ${message}`)
  }
  expect(alarms).toEqual([])
})

test('without a node that assigns roles the cure puts one in front', async () => {
  const { document, csv } = makePipeline(createRandom(5), 'protected-input')
  const bare: PipelineDocument = {
    ...document,
    nodes: Object.fromEntries(Object.entries(document.nodes).filter(([id]) => id !== 'schema' && id !== 'checked')),
    edges: [
      ...document.edges.filter(({ from, to }) => !/^(schema|checked)\./.test(from) && !/^(schema|checked)\./.test(to)),
      { from: 'rows.table', to: 'split.table' },
    ],
  }
  const target = csv.slice(0, csv.indexOf('\n')).split(',').at(-1)!
  const named = applyEdits(bare, [
    { do: 'set', node: 'model', param: 'target', value: target },
    { do: 'set', node: 'split', param: 'method', value: 'random' },
    ...Object.keys(bare.nodes)
      .filter((id) => id === 'baseline')
      .map((node) => ({ do: 'set' as const, node, param: 'target', value: target })),
  ])
  const { findings, again } = await lintOf({ document: named, csv })
  const found = findings.find(({ rule }) => rule === 'protected-input')!
  const healed = await again(applyEdits(named, found.cure.edits))
  expect(healed.problems).toEqual([])
  expect(healed.findings.map(({ rule }) => rule)).not.toContain('protected-input')
})
