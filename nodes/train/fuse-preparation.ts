import type { Frame, JsonValue, Model } from '#contract'
import type { Matrix } from '#ml/matrix'
import { createGraph, type Graph } from '#ml/onnx/graph-builder'
import {
  applyPreparation,
  defaultPreparation,
  emitPreparation,
  type KnownTarget,
  matrixColumns,
  type Preparation,
  refitTargets,
  targetSteps,
} from '#ml/prepare/preparation'
import type { ClassRows, LearningRows, NumberRows } from './learning-rows.ts'

/** How a learner turns raw rows into numbers. */
export interface Prepared {
  readonly preparation: Preparation
  /**
   * The matrix of a frame's rows. For the very frame of the rows that the learner is fitted on, columns encoded by the
   * target hold the codes of the other folds, so that no row brings its own target along.
   */
  matrix(frame: Frame): Matrix
}

const kept = new WeakMap<LearningRows, Map<string, Prepared>>()

/** From now on fits of these very rows share what is prepared of them, which stays in memory as long as they do. */
export const keepPrepared = (rows: LearningRows): void => {
  kept.set(rows, new Map())
}

/** What `prepare` gives, once for rows that are kept; `way` tells apart what learners make of the same rows. */
export function preparedOnce(rows: LearningRows, way: string, prepare: () => Prepared): Prepared {
  const ways = kept.get(rows)
  if (!ways) return prepare()
  const found = ways.get(way) ?? withMatrices(prepare())
  ways.set(way, found)
  return found
}

function withMatrices({ preparation, matrix }: Prepared): Prepared {
  const matrices = new WeakMap<Frame, Matrix>()
  return {
    preparation,
    matrix(frame) {
      const found = matrices.get(frame) ?? matrix(frame)
      matrices.set(frame, found)
      return found
    },
  }
}

/** The target as the preparation needs it; undefined where it is not known. */
function knownTarget(rows: LearningRows | ClassRows | NumberRows): KnownTarget | undefined {
  const every = Uint32Array.from({ length: rows.frame.rows }, (_, row) => row)
  if ('codes' in rows) return { rows: every, values: rows.codes, classes: rows.classes }
  return 'values' in rows ? { rows: every, values: rows.values } : undefined
}

/**
 * The preparation at the input, else the default one fitted on the given rows. Encodings by target are fitted again on
 * the given rows and their target, so that neither a fold that is held out nor the learner's own rows leak into them.
 */
export function choosePreparation(given: Model | undefined, rows: LearningRows): Prepared {
  return preparedOnce(rows, 'chosen', () => preparationAt(given, rows))
}

/** The same, made anew. */
export function preparationAt(given: Model | undefined, rows: LearningRows): Prepared {
  const preparation = given
    ? (given.preparation as unknown as Preparation)
    : defaultPreparation(
        rows.frame,
        rows.features.map(({ name }) => name),
        Uint32Array.from({ length: rows.frame.rows }, (_, row) => row),
      )
  const target = targetSteps(preparation).length > 0 ? knownTarget(rows) : undefined
  if (!target) return { preparation, matrix: (frame) => applyPreparation(preparation, frame) }
  const refitted = refitTargets(preparation, rows.frame, target)
  return {
    preparation: refitted,
    matrix: (frame) => applyPreparation(refitted, frame, frame === rows.frame ? target : undefined),
  }
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
