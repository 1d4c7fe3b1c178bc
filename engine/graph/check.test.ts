import { describe, expect, test } from 'vitest'
import type { PipelineDocument, Problem } from '#contract'
import { checkDocument, nearestType } from './check.ts'
import { noFiles, pipeline, testingNodes } from './testing-nodes.ts'

const check = (document: PipelineDocument) => checkDocument(document, testingNodes, noFiles)
const summary = (problems: readonly Problem[]) =>
  problems.map((problem) => `${problem.code} ${problem.node ?? '-'} ${(problem.path ?? []).join('.')}`)

const good = pipeline(
  {
    rows: { type: 'data/source' },
    pick: { type: 'prepare/pick' },
    learn: { type: 'train/learn' },
    all: { type: 'release/gather' },
  },
  ['rows.table pick.table', 'pick.table learn.table', 'learn.model all.models'],
)

describe('a document without problems', () => {
  test('has none, and every node knows its schemas', async () => {
    const checked = await check(good)
    expect(checked.problems).toEqual([])
    expect(checked.nodes.pick!.outputs.table!.columns!.map((column) => column.name)).toEqual([
      'income',
      'age_group',
      'approved',
    ])
    expect(checked.nodes.learn!.outputs.model).toEqual({ purpose: 'binary', target: 'approved' })
    expect(checked.nodes.all!.inputs.models).toEqual([{ purpose: 'binary', target: 'approved' }])
  })

  test('parameters of older versions are migrated before they are checked', async () => {
    const document = pipeline(
      {
        rows: { type: 'data/source' },
        pick: { type: 'prepare/pick', version: 1, params: { columns: ['income'], max: 3 } },
      },
      ['rows.table pick.table'],
    )
    const checked = await check(document)
    expect(checked.problems).toEqual([])
    expect(checked.nodes.pick!.outputs.table!.columns).toHaveLength(1)
  })
})

describe('each kind of problem', () => {
  const cases: readonly [string, PipelineDocument, readonly string[], RegExp][] = [
    ['unknown type', pipeline({ a: { type: 'data/sorce' } }), ['node-unknown a nodes.a.type'], /data\/source/],
    [
      'newer version',
      pipeline({ a: { type: 'data/source', version: 9 } }),
      ['node-newer a nodes.a.version'],
      /newer Plumbline/,
    ],
    [
      'missing wire of an input that takes many',
      pipeline({ a: { type: 'release/gather' } }),
      ['port-missing a inputs.models'],
      /type model to a\.models/,
    ],
    [
      'missing wire',
      pipeline({ a: { type: 'train/learn' } }),
      ['port-missing a inputs.table'],
      /type table to a\.table/,
    ],
    [
      'unknown input',
      pipeline({ a: { type: 'data/source' }, b: { type: 'release/gather' }, c: { type: 'train/learn' } }, [
        'a.table c.table',
        'c.model b.model',
      ]),
      ['port-unknown b inputs.model', 'port-missing b inputs.models'],
      /b\.models/,
    ],
    [
      'unknown output',
      pipeline({ a: { type: 'data/source' }, c: { type: 'train/learn' } }, ['a.tabel c.table']),
      ['port-unknown a outputs.tabel'],
      /a\.table/,
    ],
    [
      'unknown node',
      pipeline({ source: { type: 'data/source' }, c: { type: 'train/learn' } }, ['sourse.table c.table']),
      ['port-unknown - edges.0.from'],
      /"source"/,
    ],
    [
      'wrong type',
      pipeline({ a: { type: 'data/source' }, b: { type: 'release/gather' } }, ['a.table b.models']),
      ['port-type b inputs.models'],
      /type model/,
    ],
    [
      'several wires',
      pipeline({ a: { type: 'data/source' }, b: { type: 'data/source' }, c: { type: 'train/learn' } }, [
        'a.table c.table',
        'b.table c.table',
      ]),
      ['port-taken c inputs.table'],
      /Keep one/,
    ],
    [
      'circle',
      pipeline({ a: { type: 'prepare/pick' }, b: { type: 'prepare/pick' } }, ['a.table b.table', 'b.table a.table']),
      ['graph-cycle a edges'],
      /Remove one/,
    ],
    [
      'unknown column',
      pipeline({ a: { type: 'data/source' }, c: { type: 'train/learn', params: { target: 'aproved' } } }, [
        'a.table c.table',
      ]),
      ['column-unknown c params.target'],
      /"approved"/,
    ],
    [
      'unknown column in a list',
      pipeline({ a: { type: 'data/source' }, b: { type: 'prepare/pick', params: { keep: ['income', 'Age'] } } }, [
        'a.table b.table',
      ]),
      ['column-unknown b params.keep.1'],
      /age_group/,
    ],
    [
      'unknown column in a row',
      pipeline(
        {
          a: { type: 'data/source' },
          b: { type: 'prepare/pick', params: { rules: [{ column: 'incom', value: '' }] } },
        },
        ['a.table b.table'],
      ),
      ['column-unknown b params.rules.0.column'],
      /income/,
    ],
    [
      'column of another type',
      pipeline({ a: { type: 'data/source' }, b: { type: 'prepare/pick', params: { mode: 'one', by: 'age_group' } } }, [
        'a.table b.table',
      ]),
      ['column-type b params.by'],
      /number/,
    ],
    [
      'bad parameter',
      pipeline({ a: { type: 'data/source' }, b: { type: 'prepare/pick', params: { limit: 0 } } }, ['a.table b.table']),
      ['parameter-bad b params.limit'],
      /at least 1/,
    ],
    [
      'misspelt parameter',
      pipeline({ a: { type: 'data/source' }, b: { type: 'prepare/pick', params: { limmit: 3 } } }, ['a.table b.table']),
      ['parameter-bad b params.limmit'],
      /"limit"/,
    ],
    [
      'what a node says itself',
      pipeline(
        {
          a: { type: 'data/source' },
          b: { type: 'prepare/pick', params: { keep: ['income'] } },
          c: { type: 'train/learn' },
        },
        ['a.table b.table', 'b.table c.table'],
      ),
      ['role-missing c params.target'],
      /Choose the target/,
    ],
    [
      'a setting that points nowhere',
      { ...good, inputs: { data: 'rows.pth' } },
      ['document-format - inputs.data'],
      /rows\.path/,
    ],
    [
      'a version nothing leads from',
      pipeline({ a: { type: 'prepare/pick', version: 0 as number } }),
      ['not-supported a nodes.a.version', 'port-missing a inputs.table'],
      /anew/,
    ],
  ]
  test.each(cases)('%s', async (_name, document, expected, cure) => {
    const { problems } = await check(document)
    expect(summary(problems)).toEqual(expected)
    expect(problems[0]!.fix).toMatch(cure)
    expect(problems[0]!.message).toMatch(/^[A-Z"].*\.$/)
  })

  test('names both types of a wire that does not fit', async () => {
    const { problems } = await check(
      pipeline({ a: { type: 'data/source' }, b: { type: 'release/gather' } }, ['a.table b.models']),
    )
    expect(problems[0]!.message).toBe('The wire from a.table carries a table, but b.models takes a model.')
  })

  test('names the nodes of a circle', async () => {
    const document = pipeline(
      { c: { type: 'prepare/pick' }, b: { type: 'prepare/pick' }, a: { type: 'prepare/pick' } },
      ['a.table b.table', 'b.table c.table', 'c.table a.table'],
    )
    expect((await check(document)).problems[0]!.message).toContain('a → b → c → a')
  })
})

describe('several problems', () => {
  test('are all reported at once, and nodes behind a broken one are not blamed', async () => {
    const document = pipeline(
      {
        lost: { type: 'data/nothing' },
        pick: { type: 'prepare/pick', params: { limit: 99, keep: ['whatever'] } },
        learn: { type: 'train/learn', params: { target: 'unknowable' } },
        stray: { type: 'train/learn' },
      },
      ['lost.table pick.table', 'pick.table learn.table', 'stray.model learn.preparation'],
    )
    const { problems, nodes } = await check(document)
    expect(summary(problems).sort()).toEqual([
      'node-unknown lost nodes.lost.type',
      'parameter-bad pick params.limit',
      'port-missing stray inputs.table',
    ])
    expect(nodes.learn).toMatchObject({ known: false, outputs: { model: {} }, problems: [] })
  })

  test('a hidden parameter is not checked for columns', async () => {
    const document = pipeline(
      { a: { type: 'data/source' }, b: { type: 'prepare/pick', params: { mode: 'all', by: 'gone' } } },
      ['a.table b.table'],
    )
    expect((await check(document)).problems).toEqual([])
  })
})

test('a type in another family, or by keyword, is suggested', () => {
  expect(nearestType('model/learn', testingNodes)).toBe('train/learn')
  expect(nearestType('train/logistic', testingNodes)).toBe('train/learn')
  expect(nearestType('zzz/qqq', testingNodes)).toBeUndefined()
})
