import type { ConvolutionOptions } from './operators/convolution.ts'
import type { PoolingOptions } from './operators/pooling.ts'

export type Activation = 'relu' | 'leakyRelu' | 'gelu' | 'tanh' | 'sigmoid'

/** One step of a network. Sizes of inputs follow from the layers before. */
export type Layer =
  /** On the last axis. */
  | { readonly kind: 'dense'; readonly units: number }
  | ({ readonly kind: 'convolution'; readonly filters: number; readonly size: number } & Omit<
      ConvolutionOptions,
      'fixedBias'
    >)
  | ({ readonly kind: 'maxPool' } & PoolingOptions)
  | ({ readonly kind: 'averagePool'; readonly countPadding?: boolean } & PoolingOptions)
  | { readonly kind: 'globalAveragePool' }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'activation'; readonly function: Activation }
  | { readonly kind: 'dropout'; readonly share: number }
  | { readonly kind: 'batchNorm' }
  | { readonly kind: 'layerNorm' }
  /** Inputs are whole numbers below `levels`; each becomes a vector. */
  | { readonly kind: 'embedding'; readonly levels: number; readonly width: number }
  /**
   * Numbers first, then a code for each category as `prepare/ordinal` gives it: below the column's `levels`, -2 for
   * missing, -1 for unseen. Each becomes a vector beside the numbers, zeros for one that was not seen in training.
   */
  | {
      readonly kind: 'columnEmbedding'
      readonly numbers: number
      readonly levels: readonly number[]
      readonly width: number
    }
  /** [places] of word numbers give [width]: the mean of the words' vectors, places that hold 0 left out. */
  | { readonly kind: 'wordMean'; readonly levels: number; readonly width: number }
  /** Runs of `size` places of [places, width], each place a vector, give [places - size + 1, filters]. */
  | { readonly kind: 'sequenceConvolution'; readonly filters: number; readonly size: number }
  /** The largest over the places of [places, width] gives [width]. */
  | { readonly kind: 'sequenceMaximum' }
  /** What goes in here is added where the residual ends (He et al. 2016, arXiv 1512.03385): the shape is the same there. */
  | { readonly kind: 'residualStart' }
  | { readonly kind: 'residualEnd' }

/** Layers in a row; `inputs` is the shape of one example: [features] or [channels, height, width]. JSON. */
export interface Network {
  readonly inputs: readonly number[]
  readonly layers: readonly Layer[]
}

/** What a parameter is before training. */
export type Start =
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal' }
  | { readonly kind: 'constant'; readonly value: number }

/** A part of the flat vector of parameters or of statistics. */
export interface VectorPart {
  /** Number of the layer. */
  readonly layer: number
  readonly role: 'weights' | 'bias' | 'gain' | 'shift' | 'mean' | 'variance'
  readonly shape: readonly number[]
  readonly start: Start
}
