/** The door of this folder: fit on training rows, apply to a frame, emit into an ONNX graph; all three agree. */
export { applyPreparation } from './apply-preparation.ts'
export { type MatrixColumn, matrixColumns } from './blocks.ts'
export { emitPreparation } from './emit-preparation.ts'
export type { NumberOptions } from './fit-number.ts'
export {
  defaultPreparation,
  encodings,
  fitPreparation,
  type PreparationOptions,
  preparationDefaults,
  refitTargets,
  type TextOptions,
} from './fit-preparation.ts'
export { type Preparation, type PreparationStep, targetSteps } from './preparation-steps.ts'
export { scales } from './scale-number.ts'
export type { KnownTarget } from './target-encoding.ts'
