import {
  type Attribute,
  type DataType,
  type Dimension,
  type GraphFact,
  type NodeFact,
  type PortFact,
  type TensorFact,
  type TensorValues,
  writeModel,
} from './model-file.ts'

export type { Attribute, DataType, Dimension, TensorValues } from './model-file.ts'

/** Collects operators one after another; every value is a name. Made-up names begin with `plumbline/`, so columns keep theirs. */
export interface Graph {
  /** Asking for the same name again gives the same input. */
  input(name: string, type: DataType, dimensions: readonly Dimension[]): string
  /** The operator's outputs; one with a made-up name unless `outputs` says otherwise. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    more?: { readonly outputs?: number | readonly string[]; readonly domain?: string },
  ): readonly string[]
  /** The only output of an operator of the default domain. */
  apply(operator: string, inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>): string
  constant(type: DataType, dimensions: readonly number[], values: TensorValues): string
  /** One double, broadcast wherever it goes. */
  number(value: number): string
  output(name: string, type: DataType, dimensions: readonly Dimension[]): void
  /** The graph as an attribute of `If` or `Loop`. */
  fact(): GraphFact
  encode(): Uint8Array
}

/** Names that other graphs (branches of `If`, bodies of `Loop`) begin with, so that they never clash with the outer ones. */
export function createGraph(name: string, prefix = ''): Graph {
  const nodes: NodeFact[] = []
  const constants: TensorFact[] = []
  const inputs: PortFact[] = []
  const known = new Set<string>()
  const outputs: PortFact[] = []
  const numbers = new Map<number, string>()
  let next = 0
  const fresh = (kind: string) => `plumbline/${prefix}${kind}_${next++}`
  const fact = (): GraphFact => ({ name, nodes, constants, inputs, outputs })
  const graph: Graph = {
    input(portName, type, dimensions) {
      if (!known.has(portName)) inputs.push({ name: portName, type, dimensions })
      known.add(portName)
      return portName
    },
    node(operator, from, attributes = {}, more = {}) {
      const wanted = more.outputs ?? 1
      const names = typeof wanted === 'number' ? Array.from({ length: wanted }, () => fresh(operator)) : wanted
      nodes.push({ operator, domain: more.domain ?? '', inputs: from, outputs: names, attributes })
      return names
    },
    apply: (operator, from, attributes) => graph.node(operator, from, attributes)[0]!,
    constant(type, dimensions, values) {
      const constantName = fresh('constant')
      constants.push({ name: constantName, type, dimensions, values })
      return constantName
    },
    number(value) {
      const constant = numbers.get(value) ?? graph.constant('double', [], Float64Array.of(value))
      numbers.set(value, constant)
      return constant
    },
    output: (portName, type, dimensions) => {
      outputs.push({ name: portName, type, dimensions })
    },
    fact,
    encode: () => writeModel(fact()),
  }
  return graph
}
