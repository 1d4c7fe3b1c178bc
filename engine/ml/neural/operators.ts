import * as arithmetic from './operators/arithmetic.ts'
import * as convolution from './operators/convolution.ts'
import * as elementwise from './operators/elementwise.ts'
import { fakeQuantize } from './operators/fake-quantize.ts'
import { gatherRows } from './operators/gather.ts'
import * as layout from './operators/layout.ts'
import * as matrix from './operators/matrix.ts'
import * as normalization from './operators/normalization.ts'
import * as pooling from './operators/pooling.ts'
import * as reduction from './operators/reduction.ts'
import * as soft from './operators/softmax.ts'

/** Every differentiable operator; its test checks each one's gradient by finite differences. */
export const operators = {
  add: arithmetic.add,
  subtract: arithmetic.subtract,
  multiply: arithmetic.multiply,
  divide: arithmetic.divide,
  maximum: arithmetic.maximum,
  minimum: arithmetic.minimum,
  negate: arithmetic.negate,
  scale: arithmetic.scale,
  where: arithmetic.where,
  exp: elementwise.exp,
  log: elementwise.log,
  sqrt: elementwise.sqrt,
  power: elementwise.power,
  tanh: elementwise.tanh,
  sigmoid: elementwise.sigmoid,
  softplus: elementwise.softplus,
  erf: elementwise.erf,
  gelu: elementwise.gelu,
  abs: elementwise.abs,
  relu: elementwise.relu,
  leakyRelu: elementwise.leakyRelu,
  clip: elementwise.clip,
  sum: reduction.sum,
  mean: reduction.mean,
  largest: reduction.largest,
  expand: reduction.expand,
  reshape: layout.reshape,
  transpose: layout.transpose,
  concat: layout.concat,
  split: layout.split,
  slice: layout.slice,
  pad: layout.pad,
  gatherRows,
  product: matrix.product,
  affine: matrix.affine,
  batchedProduct: matrix.batchedProduct,
  softmax: soft.softmax,
  logSoftmax: soft.logSoftmax,
  convolve: convolution.convolve,
  maxPool: pooling.maxPool,
  averagePool: pooling.averagePool,
  globalAveragePool: pooling.globalAveragePool,
  layerNorm: normalization.layerNorm,
  batchNorm: normalization.batchNorm,
  fakeQuantize,
}
