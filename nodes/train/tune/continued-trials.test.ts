import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { JsonValue, Table } from '#contract'
import example from '../../data/example/node.ts'
import split from '../../data/split/node.ts'
import type { LearnerRows } from '../learner.ts'
import { readValidationRows } from '../learning-rows.ts'
import { packState, unpackState } from '../pack-state.ts'
import { readLearnerRows } from '../train-with.ts'
import type { FittedTrial } from '../tunable-learner.ts'
import { type LearnerName, learners } from './learners.ts'
import { TrialStates } from './trial-states.ts'

let scratch: Scratch
const tables: Record<string, { readonly rows: LearnerRows; readonly validation: LearnerRows }> = {}
beforeAll(async () => {
  scratch = await openScratch({ threads: 1 })
  for (const set of ['loans', 'prices', 'texts']) {
    const made = (await runNode(scratch, example, {}, { set, rows: 300 })).outputs.table as Table
    const table = (await runNode(scratch, split, { table: made })).outputs.table as Table
    const rows = await readLearnerRows({ table, preparation: undefined, target: '' }, 'auto', scratch.context)
    tables[set] = { rows, validation: (await readValidationRows(table, rows, scratch.context))! }
  }
})
afterAll(() => scratch.close())

type Given = Readonly<Record<string, JsonValue>>

async function trained(name: LearnerName, set: string, given: Given, way: readonly (number | undefined)[]) {
  const learner = learners[name]
  const params = learner.node.params.parse({
    ...learner.settings,
    ...learner.common(commonSettings),
    ...given,
  }) as Given
  const once = async (job: { params: Given; until: number | undefined; from: Uint8Array | undefined }) =>
    (await learner.fit({ ...tables[set]!, given: undefined, context: scratch.context, ...job })) as FittedTrial
  let from: Uint8Array | undefined
  for (const until of way.slice(0, -1)) {
    from = (await once({ params, until, from })).state!()
  }
  const until = way.at(-1)
  const long = await once({ params, until, from })
  return { state: long.state!(), metrics: await long.judge(tables[set]!.validation), size: long.cost('size') }
}
const commonSettings = {
  target: '',
  kind: 'auto',
  classWeight: 'none',
  positive: '',
  threshold: 0.5,
} as const

describe.each<[LearnerName, string, Given, readonly number[]]>([
  ['boosting', 'loans', { rounds: 24, rowShare: 0.7, columnShare: 0.6, patience: 0 }, [3, 11]],
  ['boosting', 'texts', { rounds: 12, minRows: 1, patience: 0 }, [4]],
  ['boosting', 'prices', { rounds: 20, objective: 'absolute', patience: 0 }, [7]],
  ['forest', 'loans', { trees: 15 }, [2, 9]],
  ['forest', 'prices', { trees: 9, method: 'extra-trees' }, [4]],
  ['neural-network', 'loans', { epochs: 9, batch: 32 }, [1, 4]],
  ['neural-network', 'prices', { epochs: 6, optimizer: 'sgd', schedule: 'constant' }, [3]],
])('%s on %s', (name, set, given, stops) => {
  test('a short trial that goes on gives, bit by bit, what one trained in one go gives', async () => {
    const whole = await trained(name, set, given, [undefined])
    expect(await trained(name, set, given, [...stops, undefined])).toEqual(whole)
    const short = await trained(name, set, given, [stops[0]])
    expect(short.state).not.toEqual(whole.state)
  })
})

test.each<[LearnerName, Given]>([
  ['boosting', { rounds: 200, learningRate: 0.5, patience: 3 }],
  ['neural-network', { epochs: 60, learningRate: 0.05, batch: 16, patience: 2 }],
])('%s that had ended by itself stays as it was when it may go on', async (name, given) => {
  const whole = await trained(name, 'loans', given, [undefined])
  expect(await trained(name, 'loans', given, [50, undefined])).toEqual(whole)
})

test('a state is the same after it was packed', () => {
  const values = fc.anything({
    values: [fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()],
  })
  const arrays = fc.oneof(
    fc.float64Array({ maxLength: 9 }),
    fc.int32Array({ maxLength: 9 }),
    fc.uint8Array({ maxLength: 9 }),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.array(arrays)), values, (lists, plain) => {
      const state = { lists, plain: JSON.parse(JSON.stringify(plain ?? null)) as unknown }
      expect(unpackState(packState(state))).toEqual(state)
    }),
  )
})

test('states are kept for the newest trials, and few of them for an interrupted search', () => {
  const states = new TrialStates()
  states.keep(1, [new Uint8Array(20e6)])
  states.keep(2, [new Uint8Array(20e6)])
  states.keep(3, [new Uint8Array(5), new Uint8Array(6)])
  expect(states.small().map(([number]) => number)).toEqual([2, 3])
  const tight = new TrialStates([], 80)
  for (const number of [1, 2, 3]) tight.keep(number, [new Uint8Array(4)])
  expect([1, 2, 3].map((number) => tight.take(number)?.length)).toEqual([undefined, 1, 1])
  states.drop(2)
  expect(states.take(2)).toBeUndefined()
  expect(new TrialStates(states.small()).take(3)).toEqual([new Uint8Array(5), new Uint8Array(6)])
})
