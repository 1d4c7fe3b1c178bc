import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Frame } from '#contract'
import { createGraph } from '../onnx/graph-builder.ts'
import { emitPreparation, matrixColumns, type Preparation } from './preparation.ts'

/** The bytes of a model whose output `x` is the prepared matrix. */
export function preparationModel(preparation: Preparation): Uint8Array {
  const graph = createGraph('preparation')
  graph.node('Identity', [emitPreparation(graph, preparation)], {}, { outputs: ['x'] })
  graph.output('x', 'double', ['N', matrixColumns(preparation).length])
  return graph.encode()
}

/** The prepared matrix as ONNX Runtime computes it from raw columns; others than the preparation's are left out. */
export async function throughOnnx(preparation: Preparation, frame: Frame): Promise<Float64Array> {
  const session = await InferenceSession.create(preparationModel(preparation))
  const columns = frame.columns.filter(({ name }) => session.inputNames.includes(name))
  const feeds = Object.fromEntries(
    columns.map(({ name, cells }) => [
      name,
      cells.kind === 'number'
        ? new Tensor('float64', cells.values.slice(), [frame.rows, 1])
        : new Tensor(
            'string',
            Array.from(cells.codes, (code) => (code < 0 ? '' : cells.levels[code]!)),
            [frame.rows, 1],
          ),
    ]),
  )
  const values = (await session.run(feeds))['x']!.data as Float64Array
  await session.release()
  return values
}
