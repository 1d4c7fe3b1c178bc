import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestOthers, neighbourTree } from '#ml/cluster/neighbour-tree'
import { plainProducts } from '#ml/linalg/products'
import { matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'
import { wasmDenseKernels } from './dense-kernels.ts'

function randomMatrix(rows: number, columns: number, seed: number) {
  const random = createRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() * 10 ** random.integer(4)),
  )
}
const numbers = (length: number, seed: number) => randomMatrix(1, length, seed).values

// large enough that the compiled products do the work, with every remainder of rows and columns
const shape = fc.record({ rows: fc.integer({ min: 257, max: 900 }), columns: fc.integer({ min: 8, max: 41 }) })

test('Gram matrices have the bytes of the plain ones, inside a larger matrix too, and leave the rest alone', () => {
  fc.assert(
    fc.property(shape, fc.nat(1_000), fc.boolean(), ({ rows, columns }, seed, weighted) => {
      const x = randomMatrix(rows, columns, seed)
      const d = weighted ? numbers(rows, seed + 1).map(Math.abs) : undefined
      const both = [plainProducts, wasmDenseKernels].map(({ addGram, addCentredGram }) => {
        const out = new Float64Array((columns + 3) ** 2).fill(7)
        addGram(x, d, out, columns + 3, 2)
        const centred = new Float64Array(columns ** 2)
        addCentredGram(x, numbers(columns, seed + 2), d, centred)
        return [out, centred]
      })
      expect(both[1]).toEqual(both[0])
    }),
    { numRuns: 30 },
  )
})

test('rows that are mostly 0 give the same Gram matrix', () => {
  const x = randomMatrix(1_001, 20, 1)
  x.values.forEach((_, cell) => {
    if (cell % 7 > 0) x.values[cell] = 0
  })
  const both = [plainProducts, wasmDenseKernels].map(({ addGram }) => {
    const out = new Float64Array(400)
    addGram(x, undefined, out)
    return out
  })
  expect(both[1]).toEqual(both[0])
})

test('products and distances of rows with rows have the bytes of the plain ones', () => {
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 70 }), fc.nat(1_000), ({ rows, columns }, others, seed) => {
      const [a, b] = [randomMatrix(rows, columns, seed), randomMatrix(others, columns, seed + 1)]
      const start = numbers(others, seed + 2)
      const both = [plainProducts, wasmDenseKernels].map(({ multiplyRows, squaredGaps }) => {
        const outs = [0, 1, 2].map(() => new Float64Array(rows * others))
        multiplyRows(a, b, outs[0]!, start)
        multiplyRows(a, b, outs[1]!)
        squaredGaps(a, b, outs[2]!)
        return outs
      })
      expect(both[1]).toEqual(both[0])
    }),
    { numRuns: 30 },
  )
})

test('the memory grows for matrices with many columns', () => {
  const x = randomMatrix(8, 1_500, 5)
  const both = [plainProducts, wasmDenseKernels].map(({ addGram }) => {
    const out = new Float64Array(1_500 ** 2)
    addGram(x, undefined, out)
    return out
  })
  expect(both[1]).toEqual(both[0])
})

test('nearest others are those that the tree finds, ties and repeated rows included', () => {
  const random = createRandom(3)
  for (const [rows, columns, k] of [
    [2, 10, 1],
    [3, 12, 5],
    [301, 11, 4],
    [700, 33, 6],
  ] as const) {
    const x = matrix(
      rows,
      columns,
      Float64Array.from({ length: rows * columns }, (_, cell) =>
        rows === 301 ? random.integer(2) : 1e3 * (cell % columns) + random.normal(),
      ),
    )
    x.values.copyWithin(columns, 0, columns)
    expect(wasmDenseKernels.nearestOthers(x, k)).toEqual(nearestOthers(neighbourTree(x), k))
  }
})
