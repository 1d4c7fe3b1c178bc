/** ml_onnx.ts FOLDER: writes FOLDER/models/*.onnx with their raw rows, for ml_onnx.py to run with Python's onnxruntime. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { modelCases } from './model-cases.ts'

const folder = path.join(process.argv[2]!, 'models')
mkdirSync(folder, { recursive: true })
for (const { name, onnx, columns, own } of modelCases()) {
  writeFileSync(path.join(folder, `${name}.onnx`), onnx)
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ columns, own }))
}
