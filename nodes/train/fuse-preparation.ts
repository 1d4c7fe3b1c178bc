import type { Frame, JsonValue, Model } from '#contract'
import type { Matrix } from '#ml/matrix'
import { createGraph, type Graph } from '#ml/onnx/graph-builder'
import {
  applyPreparation,
  defaultPreparation,
  emitPreparation,
  matrixColumns,
  type Preparation,
} from '#ml/prepare/preparation'
import type { LearningRows } from './learning-rows.ts'

/** How a learner turns raw rows into numbers. */
export interface Prepared {
  readonly preparation: Preparation
  matrix(frame: Frame): Matrix
}

/** The preparation at the input, else the default one fitted on the given rows. */
export function choosePreparation(given: Model | undefined, rows: LearningRows): Prepared {
  const preparation = given
    ? (given.preparation as unknown as Preparation)
    : defaultPreparation(
        rows.frame,
        rows.features.map(({ name }) => name),
        Uint32Array.from({ length: rows.frame.rows }, (_, row) => row),
      )
  return { preparation, matrix: (frame) => applyPreparation(preparation, frame) }
}

/** Preparation and learner as one ONNX file. */
export interface FusedModel {
  readonly onnx: Uint8Array
  readonly preparation: JsonValue
  readonly matrix: NonNullable<Model['matrix']>
}

/** `emit` adds the learner behind the prepared matrix, names its output included. */
export function fuse({ preparation }: Prepared, emit: (graph: Graph, matrix: string) => void): FusedModel {
  const graph = createGraph('plumbline')
  emit(graph, emitPreparation(graph, preparation))
  return {
    onnx: graph.encode(),
    preparation: preparation as unknown as JsonValue,
    matrix: matrixColumns(preparation),
  }
}
