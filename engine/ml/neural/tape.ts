import type { Attribute, DataType, Graph, TensorValues } from '#ml/onnx/graph-builder'

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
  /** Names a value as an output of the graph. */
  output(name: string, value: Value): void
}

/** An optional input that is left out. */
export const absent: Value = { name: '', shape: [], type: 'float' }

export function createTape(graph: Graph, real: 'float' | 'double' = 'float', portable = false): Tape {
  const entries: Entry[] = []
  const numbers = new Map<number, Value>()
  const lists = new Map<string, Value>()
  const tape: Tape = {
    graph,
    real,
    entries,
    portable,
    input: (name, shape, type = real) => ({ name: graph.input(name, type, shape.map(dimension)), shape, type }),
    constant: (type, shape, values) => ({ name: graph.constant(type, shape, values), shape, type }),
    number: (value) => remember(numbers, value, () => tape.constant(real, [], [value])),
    integers: (values) => remember(lists, values.join(), () => tape.constant('int64', [values.length], values)),
    apply(operator, inputs, { shape, type = inputs[0]!.type, attributes = {}, backward = [] }) {
      const lifted = backward.map((back) => back && (([gradient]: readonly (Value | undefined)[]) => back(gradient!)))
      return tape.applyMany(operator, inputs, [{ shape, type }], attributes, lifted)[0]!
    },
    applyMany(operator, inputs, facts, attributes, backward) {
      const from = inputs.map(({ name }) => name)
      const names = graph.node(operator, from, attributes, { outputs: facts.length })
      const outputs = facts.map((fact, index) => ({ name: names[index]!, ...fact }))
      entries.push({ inputs, outputs, backward })
      return outputs
    },
    output(name, value) {
      graph.node('Identity', [value.name], {}, { outputs: [name] })
      graph.output(name, value.type, value.shape.map(dimension))
    },
  }
  return tape
}

const dimension = (size: number) => (size < 0 ? 'N' : size)

function remember<Key>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
