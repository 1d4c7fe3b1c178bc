import { createGraph } from '#ml/onnx/graph-builder'
import { forward, unpack } from './forward.ts'
import { rowLosses, weightShares } from './losses.ts'
import { once } from './once.ts'
import { multiply } from './operators/arithmetic.ts'
import { factorsOf } from './operators/dropout.ts'
import { presenceOf } from './operators/normalization.ts'
import { sum } from './operators/reduction.ts'
import { stepNumber, stepNumbersCount } from './optimizers.ts'
import { createTape, type Tape, type Value } from './tape.ts'
import {
  type Batch,
  checkedLayout,
  stateFacts,
  type TrainingPlan,
  trainingStep,
  workingParameters,
} from './training-step.ts'

type Real = Tape['real']

/** Inputs of both training graphs. */
const stateInputs = (tape: Tape, facts: ReturnType<typeof stateFacts>, prefix = '') =>
  facts.map(({ name, length }) => tape.input(prefix + name, [length]))

/**
 * One batch a call, for devices that keep the state: inputs `x` [rows, ...], `targets` [rows, width], `weights` [rows],
 * `numbers` [3], `seed` (only with dropout), `mask` (only when masked) and the state's vectors; outputs `NAME next` for
 * each of these and `loss`.
 */
export function stepGraph(plan: TrainingPlan, rows: number, real: Real = 'float', portable = false): Uint8Array {
  const { layout, targets } = checkedLayout(plan)
  const facts = stateFacts(plan, layout)
  const tape = createTape(createGraph('step'), real, portable)
  const batch: Batch = {
    x: tape.input('x', [rows, ...plan.network.inputs]),
    targets: tape.input('targets', [rows, targets]),
    ...weighing(tape, tape.input('weights', [rows])),
    number: stepNumber(tape, tape.input('numbers', [stepNumbersCount])),
    factors: factorsOf(tape, () => tape.input('seed', [], 'int64')),
    ...(plan.masked && { mask: tape.input('mask', [facts[0]!.length]) }),
  }
  const { state, loss } = trainingStep(tape, plan, layout, batch, stateInputs(tape, facts))
  state.forEach((value, index) => {
    tape.output(`${facts[index]!.name} next`, value)
  })
  tape.output('loss', loss)
  return tape.graph.encode()
}

/**
 * Many batches a call: a `Scan` over the steps, whose body gathers a batch from the whole table by row numbers and takes
 * one step. Inputs `x` [N, ...] (not copied), `targets` [N, width], `rows` [K, batch] int32, `weights` [K, batch],
 * `numbers` [K, 3], `factors LAYER` [K, batch, ...] of each dropout, `mask` and the state; outputs as of `stepGraph`, but `loss` [K].
 */
export function loopGraph(plan: TrainingPlan, batchRows: number, real: Real = 'float'): Uint8Array {
  const { layout, targets } = checkedLayout(plan)
  const facts = stateFacts(plan, layout)
  const outer = createTape(createGraph('training'), real)
  const inner = createTape(createGraph('step', 'step '), real)
  const before = stateInputs(inner, facts, 'step ')
  const scanned: Value[] = []
  const eachStep = (all: Value): Value => {
    scanned.push(all)
    return inner.input(`step of ${all.name}`, all.shape.slice(1), all.type)
  }
  const x = outer.input('x', [-1, ...plan.network.inputs])
  const rows = countedInput(outer, 'rows', [batchRows], 'int32')
  const number = stepNumber(outer, countedInput(outer, 'numbers', [stepNumbersCount], real))
  const batch: Batch = {
    x: pick(inner, x, eachStep(rows)),
    targets: eachStep(pick(outer, outer.input('targets', [-1, targets]), rows)),
    ...weighing(outer, countedInput(outer, 'weights', [batchRows], real), eachStep),
    number: (index) => eachStep(number(index)),
    factors: ({ shape, layer }) => eachStep(countedInput(outer, factorsName(layer), shape, real)),
    ...(plan.masked && { mask: outer.input('mask', [facts[0]!.length]) }),
  }
  const { state, loss } = trainingStep(inner, plan, layout, batch, before)
  for (const value of [...state, loss]) inner.graph.output(value.name, value.type, value.shape)
  return wrapSteps(outer, inner, facts, scanned)
}

/** What a batch needs of its weights, where these stand for all steps: taken step by step. */
function weighing(
  tape: Tape,
  weights: Value,
  taken: (all: Value) => Value = (all) => all,
): Pick<Batch, 'shares' | 'presence'> {
  return {
    shares: taken(weightShares(tape, weights)),
    presence: once(() => {
      const { shares, count } = presenceOf(tape, weights)
      return { shares: taken(shares), count: taken(count) }
    }),
  }
}

/** The input with what dropout multiplies by. */
export const factorsName = (layer: number): string => `factors ${layer}`

/** A dimension that is the number of steps, not of rows. */
function countedInput(tape: Tape, name: string, width: readonly number[], type: Value['type']): Value {
  tape.graph.input(name, type, ['K', ...width])
  return { name, shape: [-1, ...width], type }
}

/** Rows by their numbers, without a gradient. */
const pick = (tape: Tape, table: Value, rows: Value): Value =>
  tape.apply('Gather', [table, rows], {
    shape: [...rows.shape, ...table.shape.slice(1)],
    attributes: { axis: { int: 0 } },
  })

function wrapSteps(
  outer: Tape,
  inner: Tape,
  facts: ReturnType<typeof stateFacts>,
  scanned: readonly Value[],
): Uint8Array {
  const { graph, real } = outer
  const inputs = [...stateInputs(outer, facts), ...scanned].map(({ name }) => name)
  const outputs = [...facts.map(({ name }) => `${name} next`), 'loss']
  const attributes = { body: { graph: inner.graph.fact() }, num_scan_inputs: { int: scanned.length } }
  graph.node('Scan', inputs, attributes, { outputs })
  for (const { name, length } of facts) graph.output(`${name} next`, real, [length])
  graph.output('loss', real, ['K'])
  return graph.encode()
}

/**
 * How good a state is on rows it was not trained on: inputs `x`, `targets`, `weights`, `parameters`, `statistics`, `mask`;
 * outputs `loss`, Σ weight · loss, and `outputs` [N, width].
 */
export function evaluationGraph(plan: TrainingPlan, real: Real = 'float'): Uint8Array {
  const { layout, targets } = checkedLayout(plan)
  const facts = stateFacts(plan, layout)
  const tape = createTape(createGraph('evaluation'), real)
  const x = tape.input('x', [-1, ...plan.network.inputs])
  const y = tape.input('targets', [-1, targets])
  const weights = tape.input('weights', [-1])
  const vector = tape.input('parameters', [facts[0]!.length])
  const mask = plan.masked ? tape.input('mask', [facts[0]!.length]) : undefined
  const running = facts.find(({ name }) => name === 'statistics')
  const statistics = running ? unpack(tape, tape.input('statistics', [running.length]), layout.statistics) : []
  const parameters = workingParameters(tape, plan, layout.parameters, vector, mask)
  const outputs = forward(tape, plan.network, x, { parameters, statistics })
  tape.output('outputs', outputs)
  tape.output('loss', sum(tape, multiply(tape, rowLosses(tape, plan.loss, outputs, y), weights), [0]))
  return tape.graph.encode()
}
