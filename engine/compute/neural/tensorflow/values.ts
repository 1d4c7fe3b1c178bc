import type { Tensor } from '@tensorflow/tfjs'
import type { Attribute } from '#ml/onnx/graph-builder'

/** The library as the user's package gives it. */
export type TensorFlow = typeof import('@tensorflow/tfjs')

/** Whole numbers that stay with the processor: shapes and axes, and the 32 bits in which dropout counts. */
export interface Whole {
  readonly shape: readonly number[]
  readonly whole: ArrayLike<number>
}
export type Value = Tensor | Whole

export type Attributes = Readonly<Record<string, Attribute>>

export const isWhole = (value: Value): value is Whole => 'whole' in value

/** The numbers of a list that must be known before anything is computed. */
export function listOf(value: Value | undefined): readonly number[] {
  if (!value || !isWhole(value)) throw new RangeError('a shape is not known before the step')
  return Array.from(value.whole)
}

export const intOf = (attributes: Attributes, name: string, otherwise: number): number => {
  const found = attributes[name]
  return found && 'int' in found ? found.int : otherwise
}

export const intsOf = (attributes: Attributes, name: string): readonly number[] => {
  const found = attributes[name]
  if (!found || !('ints' in found)) throw new RangeError(`an operator lacks its ${name}`)
  return found.ints
}
