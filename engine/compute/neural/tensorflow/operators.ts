import type { Tensor } from '@tensorflow/tfjs'
import { dataTypes } from '#ml/onnx/model-file'
import { averagePool, convolve, convolveTransposed } from './convolution.ts'
import { type Attributes, intOf, intsOf, isWhole, listOf, type TensorFlow, type Value } from './values.ts'

interface Call {
  readonly tf: TensorFlow
  readonly inputs: readonly (Value | undefined)[]
  /** An input as a tensor. */
  tensor(index: number): Tensor
  readonly attributes: Attributes
}
type Rule = (call: Call) => Value | readonly Value[]

const unary =
  (compute: (tf: TensorFlow, a: Tensor) => Tensor): Rule =>
  ({ tf, tensor }) =>
    compute(tf, tensor(0))
const binary =
  (compute: (tf: TensorFlow, a: Tensor, b: Tensor) => Tensor): Rule =>
  ({ tf, tensor }) =>
    compute(tf, tensor(0), tensor(1))

/** Of whole numbers below 2³²; products keep their last 32 bits, which is what a hash takes of them. */
const counted =
  (compute: (a: number, b: number) => number, otherwise?: Rule): Rule =>
  (call) => {
    const [a, b] = call.inputs
    if (a && b && isWhole(a) && isWhole(b)) {
      const [longer, one] = [
        a.whole.length >= b.whole.length ? a : b,
        (of: ArrayLike<number>, at: number) => of[of.length === 1 ? 0 : at]!,
      ]
      const whole = Uint32Array.from(longer.whole, (_, at) => compute(one(a.whole, at), one(b.whole, at)))
      return { shape: longer.shape, whole }
    }
    if (!otherwise) throw new RangeError('bits of numbers that are not whole')
    return otherwise(call)
  }

const reduce =
  (compute: (tf: TensorFlow, a: Tensor, axes: number[] | undefined, keep: boolean) => Tensor): Rule =>
  ({ tf, inputs, tensor, attributes }) =>
    compute(tf, tensor(0), inputs[1] && [...listOf(inputs[1])], intOf(attributes, 'keepdims', 1) === 1)

/** The operators of training graphs that every device has (`stepGraph`), as ONNX defines them. */
const rules: Readonly<Record<string, Rule>> = {
  Abs: unary((tf, a) => tf.abs(a)),
  Erf: unary((tf, a) => tf.erf(a)),
  Exp: unary((tf, a) => tf.exp(a)),
  Identity: unary((tf, a) => tf.clone(a)),
  Log: unary((tf, a) => tf.log(a)),
  LogSoftmax: unary((tf, a) => tf.logSoftmax(a)),
  Neg: unary((tf, a) => tf.neg(a)),
  Relu: unary((tf, a) => tf.relu(a)),
  Round: unary((tf, a) => tf.round(a)),
  Sigmoid: unary((tf, a) => tf.sigmoid(a)),
  Sign: unary((tf, a) => tf.sign(a)),
  Sqrt: unary((tf, a) => tf.sqrt(a)),
  Tanh: unary((tf, a) => tf.tanh(a)),
  Add: binary((tf, a, b) => tf.add(a, b)),
  Sub: binary((tf, a, b) => tf.sub(a, b)),
  Mul: counted(
    (a, b) => Math.imul(a, b) >>> 0,
    binary((tf, a, b) => tf.mul(a, b)),
  ),
  Div: counted(
    (a, b) => Math.floor(a / b),
    binary((tf, a, b) => tf.div(a, b)),
  ),
  Max: binary((tf, a, b) => tf.maximum(a, b)),
  BitwiseXor: counted((a, b) => (a ^ b) >>> 0),
  BitShift: counted((a, b) => a >>> b),
  Equal: binary((tf, a, b) => tf.equal(a, b)),
  Greater: binary((tf, a, b) => tf.greater(a, b)),
  GreaterOrEqual: counted(
    (a, b) => (a >= b ? 1 : 0),
    binary((tf, a, b) => tf.greaterEqual(a, b)),
  ),
  LessOrEqual: binary((tf, a, b) => tf.lessEqual(a, b)),
  Where: ({ tf, tensor }) => tf.where(tf.cast(tensor(0), 'bool'), tensor(1), tensor(2)),
  Cast: ({ tf, inputs, tensor, attributes }) => {
    const type = intOf(attributes, 'to', 1)
    return type === dataTypes.uint32 ? inputs[0]! : tf.cast(tensor(0), type === dataTypes.int64 ? 'int32' : 'float32')
  },
  ReduceSum: reduce((tf, a, axes, keep) => tf.sum(a, axes, keep)),
  ReduceMean: reduce((tf, a, axes, keep) => tf.mean(a, axes, keep)),
  ReduceMax: reduce((tf, a, axes, keep) => tf.max(a, axes, keep)),
  Gemm: product,
  MatMul: products,
  Reshape: ({ tf, inputs, tensor }) => tf.reshape(tensor(0), [...listOf(inputs[1])]),
  Expand: ({ tf, inputs, tensor }) => tf.broadcastTo(tensor(0), [...listOf(inputs[1])]),
  Transpose: ({ tf, tensor, attributes }) => tf.transpose(tensor(0), [...intsOf(attributes, 'perm')]),
  Concat: ({ tf, inputs, tensor, attributes }) =>
    tf.concat(
      inputs.map((_, index) => tensor(index)),
      intOf(attributes, 'axis', 0),
    ),
  Split: ({ tf, inputs, tensor, attributes }) =>
    tf.split(tensor(0), [...listOf(inputs[1])], intOf(attributes, 'axis', 0)),
  Slice: slice,
  Pad: pad,
  Gather: ({ tf, tensor, attributes }) =>
    tf.gather(tensor(0), tf.cast(tensor(1), 'int32'), intOf(attributes, 'axis', 0)),
  ScatterElements: addRows,
  Conv: ({ tf, inputs, tensor, attributes }) => convolve(tf, tensor(0), tensor(1), inputs[2] && tensor(2), attributes),
  ConvTranspose: ({ tf, tensor, attributes }) => convolveTransposed(tf, tensor(0), tensor(1), attributes),
  AveragePool: ({ tf, tensor, attributes }) => averagePool(tf, tensor(0), attributes),
}

function product({ tf, inputs, tensor, attributes }: Call): Tensor {
  const turned = (name: string) => intOf(attributes, name, 0) === 1
  const y = tf.matMul(tensor(0), tensor(1), turned('transA'), turned('transB'))
  return inputs[2] ? tf.add(y, tensor(2)) : y
}

/** A single matrix on the right takes all rows at once. */
function products({ tf, tensor }: Call): Tensor {
  const [a, b] = [tensor(0), tensor(1)]
  if (b.rank > 2 || a.rank === 2) return tf.matMul(a, b)
  const flat = tf.reshape(a, [-1, a.shape.at(-1)!])
  return tf.reshape(tf.matMul(flat, b), [...a.shape.slice(0, -1), b.shape[1]!])
}

function slice({ tf, inputs, tensor }: Call): Tensor {
  const a = tensor(0)
  const [from, to, axes] = [1, 2, 3].map((index) => listOf(inputs[index])) as [number[], number[], number[]]
  const [begin, size] = [a.shape.map(() => 0), [...a.shape]]
  axes.forEach((axis, at) => {
    begin[axis] = from[at]!
    size[axis] = to[at]! - from[at]!
  })
  return tf.slice(a, begin, size)
}

function pad({ tf, inputs, tensor }: Call): Tensor {
  const [a, sizes] = [tensor(0), listOf(inputs[1])]
  return tf.pad(
    a,
    a.shape.map((_, axis): [number, number] => [sizes[axis]!, sizes[axis + a.rank]!]),
  )
}

/** Adds updates to rows of zeros; the positions of a row are all the same. */
function addRows({ tf, tensor }: Call): Tensor {
  const [table, positions, updates] = [tensor(0), tensor(1), tensor(2)]
  const count = positions.shape[0]!
  const rows = tf.slice(tf.reshape(tf.cast(positions, 'int32'), [count, -1]), [0, 0], [count, 1])
  return tf.scatterND(rows, updates, table.shape)
}

/** Runs one operator. Throws a RangeError for one that training graphs do not have. */
export function runOperator(
  tf: TensorFlow,
  operator: string,
  inputs: readonly (Value | undefined)[],
  attributes: Attributes,
): readonly Value[] {
  const tensor = (index: number): Tensor => {
    const value = inputs[index]
    if (!value) throw new RangeError(`${operator} lacks an input`)
    return isWhole(value) ? tf.tensor(Int32Array.from(value.whole), [...value.shape], 'int32') : value
  }
  const result = ruleOf(operator)({ tf, inputs, tensor, attributes })
  return Array.isArray(result) ? result : [result as Value]
}

export function ruleOf(operator: string): Rule {
  const rule = rules[operator]
  if (!rule) throw new RangeError(`TensorFlow.js is not used for ${operator}`)
  return rule
}
