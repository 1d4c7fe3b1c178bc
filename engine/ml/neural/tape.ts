import type { Attribute, DataType, Graph, TensorValues } from '#ml/onnx/graph-builder'
import { sizeOf } from './shape.ts'

/** A tensor of the graph with its shape; a leading -1 is a batch whose size is only known at run time. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: DataType
}

/** The gradient by one input, from the gradients by the outputs; an output that the loss does not use has none. */
export type Backward = (gradients: readonly (Value | undefined)[]) => Value

/** An operator that ran. An input without `backward` gets no gradient. */
export interface Entry {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly backward: readonly (Backward | undefined)[]
}

export type Attributes = Readonly<Record<string, Attribute>>

interface Outcome {
  readonly shape: readonly number[]
  /** The type of the first input unless told. */
  readonly type?: DataType
  readonly attributes?: Attributes
  /** Of the only output, one an input. */
  readonly backward?: readonly (((gradient: Value) => Value) | undefined)[]
}

/** What some operators compute together, and the gradient by each of the inputs. */
interface Compound {
  readonly output: Value
  readonly backward: readonly (((gradient: Value) => Value) | undefined)[]
}

/** Writes operators into an ONNX graph and remembers how each differentiates. `real` is the type of its numbers. */
export interface Tape {
  readonly graph: Graph
  readonly real: 'float' | 'double'
  readonly entries: readonly Entry[]
  /** Only operators that every device has. */
  readonly portable: boolean
  /** An input of the graph. */
  input(name: string, shape: readonly number[], type?: DataType): Value
  constant(type: DataType, shape: readonly number[], values: TensorValues): Value
  /** One number, broadcast wherever it goes. */
  number(value: number): Value
  /** The same number everywhere. */
  filled(shape: readonly number[], value: number): Value
  /** A list of integers, as operators take axes and shapes. */
  integers(values: readonly number[]): Value
  apply(operator: string, inputs: readonly Value[], outcome: Outcome): Value
  applyMany(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly Pick<Value, 'shape' | 'type'>[],
    attributes: Attributes,
    backward: readonly (Backward | undefined)[],
  ): readonly Value[]
  /** Operators that differentiate as one: those written on the tape it gets have no gradients of their own. */
  compound(inputs: readonly Value[], compute: (tape: Tape) => Compound): Value
  /** Names a value as an output of the graph. */
  output(name: string, value: Value): void
}

/** An optional input that is left out. */
export const absent: Value = { name: '', shape: [], type: 'float' }

export function createTape(graph: Graph, real: 'float' | 'double' = 'float', portable = false): Tape {
  const entries: Entry[] = []
  const numbers = new Map<string, Value>()
  const lists = new Map<string, Value>()
  const constant: Tape['constant'] = (type, shape, values) => ({
    name: graph.constant(type, shape, values),
    shape,
    type,
  })
  const filled: Tape['filled'] = (shape, value) =>
    remember(numbers, `${shape}:${value}`, () => constant(real, shape, new Array<number>(sizeOf(shape)).fill(value)))
  const write: Tape['applyMany'] = (operator, inputs, facts, attributes) => {
    const from = inputs.map(({ name }) => name)
    const names = graph.node(operator, from, attributes, { outputs: facts.length })
    return facts.map((fact, index) => ({ name: names[index]!, ...fact }))
  }
  const writing = (applyMany: Tape['applyMany']): Tape => ({
    graph,
    real,
    entries,
    portable,
    input: (name, shape, type = real) => ({ name: graph.input(name, type, shape.map(dimension)), shape, type }),
    constant,
    number: (value) => filled([], value),
    filled,
    integers: (values) => remember(lists, values.join(), () => constant('int64', [values.length], values)),
    apply: (operator, inputs, { shape, type = inputs[0]!.type, attributes = {}, backward = [] }) =>
      applyMany(operator, inputs, [{ shape, type }], attributes, backward.map(ofOnly))[0]!,
    applyMany,
    compound(inputs, compute) {
      const { output, backward } = compute(writing(write))
      entries.push({ inputs, outputs: [output], backward: backward.map(ofOnly) })
      return output
    },
    output(name, value) {
      graph.node('Identity', [value.name], {}, { outputs: [name] })
      graph.output(name, value.type, value.shape.map(dimension))
    },
  })
  return writing((operator, inputs, facts, attributes, backward) => {
    const outputs = write(operator, inputs, facts, attributes, backward)
    entries.push({ inputs, outputs, backward })
    return outputs
  })
}

const ofOnly = (back: ((gradient: Value) => Value) | undefined): Backward | undefined =>
  back && (([gradient]) => back(gradient!))

const dimension = (size: number) => (size < 0 ? 'N' : size)

function remember<Key>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
