/** The door of this folder: fit on training rows, apply to a frame, emit into an ONNX graph; all three agree. */
export { applyPreparation } from './apply-preparation.ts'
export { emitPreparation } from './emit-preparation.ts'
export {
  defaultPreparation,
  fitPreparation,
  type NumberOptions,
  type PreparationOptions,
  preparationDefaults,
  type TextOptions,
} from './fit-preparation.ts'
export { type MatrixColumn, matrixColumns, type Preparation, type PreparationStep } from './preparation-steps.ts'
