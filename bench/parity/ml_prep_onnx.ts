/** ml_prep_onnx.ts FOLDER: lays out our preparations for ml_prep_onnx.py. */
import { preparationCases } from './preparation-cases.ts'
import { writeCases } from './write-cases.ts'

writeCases(process.argv[2]!, preparationCases())
