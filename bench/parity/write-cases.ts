import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ModelCase } from './model-cases.ts'

/** Writes models/*.onnx with their raw rows into a folder, for a script to run with Python's onnxruntime. */
export function writeCases(folder: string, cases: readonly ModelCase[]): void {
  const models = path.join(folder, 'models')
  mkdirSync(models, { recursive: true })
  for (const { name, onnx, columns, own } of cases) {
    writeFileSync(path.join(models, `${name}.onnx`), onnx)
    writeFileSync(path.join(models, `${name}.json`), JSON.stringify({ columns, own }))
  }
}
