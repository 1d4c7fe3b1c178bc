/**
 * ml_explain_node.ts FOLDER: a small boosted model of three classes for ml_explain_node.py: its document, its trees, its
 * file and the rows that are explained, each against all of them.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { runNode } from '#compute/run-node'
import { openScratch } from '#compute/scratch'
import type { AnyNode, Model } from '#contract'
import { takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { createRandom } from '#ml/random/random'
import boosting from '../../nodes/train/boosting/node.ts'

const random = createRandom('ml_explain_node')
const [rows, explained] = [400, 24]
const names = ['a', 'b', 'c', 'd', 'e']
const numbers = names.map(() => Array.from({ length: rows }, () => Math.round(random.normal() * 1e3) / 1e3))
const [a, b, c, d] = numbers as [number[], number[], number[], number[]]
const classes = a.map((value, row) => {
  const margins = [value + b[row]! * c[row]!, d[row]! - value, Math.abs(b[row]!) - 0.5].map(
    (margin) => margin + 0.5 * random.normal(),
  )
  return ['left', 'middle', 'right'][margins.indexOf(Math.max(...margins))]!
})
const frame = frameOf(
  ...names.map((name, j) => columnFrom(name, 'number', numbers[j]!, { nullable: false })),
  columnFrom('side', 'text', classes, { role: 'target' }),
)
const scratch = await openScratch()
try {
  const table = await scratch.context.tables.write(frame)
  const { outputs } = await runNode(scratch, boosting as AnyNode, { table }, { rounds: 8, leaves: 8, folds: 0 })
  const model = outputs['model'] as Model
  const few = takeRows(
    frame,
    Uint32Array.from({ length: explained }, (_, row) => row),
  )
  const { values } = await scratch.context.models.score(model, few)
  const laid = {
    model,
    trees: JSON.parse(new TextDecoder().decode(await scratch.context.blobs.get(model.trees!))),
    onnx: Buffer.from(await scratch.context.blobs.get(model.onnx)).toString('base64'),
    names,
    x: Array.from({ length: explained }, (_, row) => numbers.map((column) => column[row]!)),
    scores: Array.from(values),
  }
  writeFileSync(path.join(process.argv[2]!, 'case.laid'), JSON.stringify(laid))
} finally {
  await scratch.close()
}
