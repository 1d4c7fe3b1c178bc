import type { Column, Model } from '#contract'

/** What the process of a model begins with. */
export interface ModelSetup {
  /** Path of the ONNX file. */
  readonly file: string
  readonly features: readonly Column[]
  /** Rows go through in multiples of so many, the last of them made up. */
  readonly multiple: number
}
/**
 * ONNX Runtime computes the sigmoids and exponentials behind weights and trees for eight rows at once, and for what is left
 * over one by one, which may differ in the last bit: without made-up rows a score would depend on what it was asked with.
 */
export const modelSetup = (
  file: string,
  { features, linear, trees }: Pick<Model, 'features' | 'linear' | 'trees'>,
): ModelSetup => ({ file, features, multiple: linear || trees ? 8 : 1 })
