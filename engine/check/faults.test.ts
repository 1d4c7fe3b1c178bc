import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AnyNode, defineNode, ProblemError, type Table } from '#contract'
import { attemptFaults, progressFaults } from './attempt.ts'
import { definitionFaults } from './definition-faults.ts'
import { fixtureNames, fixtureTable } from './fixture-tables.ts'
import { createWorkshop } from './node-bench.ts'
import { problemFaults } from './problem-quality.ts'
import { schemaDisagreements } from './schema-agreement.ts'

/** The suite itself is tested here: each fault it looks for is planted, and found. */

type Parts = Partial<Pick<AnyNode, 'infer' | 'run' | 'card' | 'doc' | 'params'>>
const good = {
  type: 'data/same',
  version: 1,
  title: 'Same',
  doc: 'Gives what it gets. Nothing more.',
  inputs: { table: { type: 'table', doc: 'Any table' } },
  outputs: { table: { type: 'table', doc: 'The same table' } },
  params: z.object({}),
} as const
function node(parts: Parts = {}): AnyNode {
  return defineNode({
    ...good,
    infer: async ({ inputs }) => ({ table: inputs.table }),
    run: async ({ inputs, context }) => {
      context.progress(1)
      return { table: inputs.table }
    },
    ...(parts as object),
  }) as unknown as AnyNode
}

describe('a faulty node is found', () => {
  const workshop = createWorkshop([node()])
  const bench = workshop.bench('.')
  const faults = async (parts: Parts, table?: Table) =>
    (await attemptFaults(bench, node(parts), {}, { table: table ?? (await bench.write(fixtureTable('tiny'))) })).join(
      '\n',
    )

  test.each<[string, Parts, RegExp | '']>([
    ['none', {}, ''],
    [
      'a crash',
      {
        run: async () => {
          throw new TypeError('x is not a function')
        },
      },
      /^threw TypeError/,
    ],
    [
      'a problem without a cure',
      {
        run: async () => {
          throw new ProblemError({ code: 'data-bad', message: 'Odd values in x.', path: ['inputs'] })
        },
      },
      /no cure/,
    ],
    [
      'another schema than announced',
      { infer: async () => ({ table: { columns: [] } }) },
      /table: columns applicant, .*, announced $/,
    ],
    [
      'missing values not announced',
      {
        infer: async ({ inputs }) => ({
          table: {
            columns: (inputs.table as { columns: readonly object[] }).columns.map((column) => ({
              ...column,
              nullable: false,
            })) as never,
          },
        }),
      },
      /income has missing values, announced none/,
    ],
    ['no progress', { run: async ({ inputs }) => ({ table: inputs.table! }) as never }, /progress ends at nothing/],
    [
      'a card that throws',
      {
        card: () => {
          throw new Error('no card')
        },
      },
      /shows nothing: Error: no card/,
    ],
    ['a card with NaN', { card: () => ({ text: `${Number.NaN} rows` }) }, /shows NaN/],
    [
      'a number JSON can not say',
      {
        run: async ({ inputs, context }) => {
          context.progress(1)
          return { table: { ...(inputs.table as Table), rows: Number.NaN } } as never
        },
      },
      /JSON has no NaN/,
    ],
  ])('%s', async (_name, parts, expected) => {
    const found = await faults(parts)
    if (expected === '') expect(found).toBe('')
    else expect(found).toMatch(expected)
  })

  test('every fixture table passes through a node that does nothing wrong', async () => {
    for (const name of fixtureNames) expect(await faults({}, await bench.write(fixtureTable(name))), name).toBe('')
    await workshop.close()
  })
})

test('descriptions that are not complete', () => {
  expect(definitionFaults(node())).toEqual([])
  const params = z.object({ by: z.string().default('').meta({ title: 'By', widget: 'column', of: 'rows' }) })
  expect(definitionFaults(node({ doc: 'Too short', params }))).toEqual([
    'doc has fewer than two sentences',
    'parameter by has no description',
    'parameter by picks columns of an input rows that is not there',
  ])
})

test('problems that say too little', () => {
  const fine = {
    code: 'data-bad',
    message: 'Two cells of x are odd.',
    path: ['inputs', 'table'],
    fix: 'Remove these cells',
  } as const
  expect(problemFaults(new ProblemError(fine))).toEqual([])
  expect(problemFaults(new Error('boom'))[0]).toContain('threw Error: boom')
  expect(problemFaults(new ProblemError({ ...fine, code: 'internal' }))[0]).toContain('no answer to bad data')
  expect(problemFaults(new ProblemError({ code: 'data-bad', message: 'Invalid!', fix: 'x' }))).toHaveLength(4)
})

test('progress', () => {
  expect(progressFaults([0, 0.5, 0.5, 1])).toEqual([])
  expect(progressFaults([0, 0.5, 0.4, 1])[0]).toContain('falls')
  expect(progressFaults([0, 1.5, 1.5])).toHaveLength(2)
  expect(progressFaults([])).toHaveLength(1)
})

test('a model that is not what was announced', () => {
  const learner = { ...node(), outputs: { model: { type: 'model', doc: 'A model' } } } as unknown as AnyNode
  const value = { kind: 'model', purpose: 'binary', target: 'y', features: [] } as never
  expect(schemaDisagreements(learner, { model: { purpose: 'binary', target: 'y' } }, { model: value })).toEqual([])
  expect(
    schemaDisagreements(learner, { model: { purpose: 'regression', target: 'z' } }, { model: value }),
  ).toHaveLength(2)
  expect(schemaDisagreements(learner, {}, {})).toEqual(['model: infer announces nothing'])
})
