/** ml_onnx.ts FOLDER: lays out our trained models for ml_onnx.py. */
import { modelCases } from './model-cases.ts'
import { writeCases } from './write-cases.ts'

writeCases(process.argv[2]!, modelCases())
