import { expect, test } from 'vitest'
import type { Cells } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { wasmForestKernels } from '../../compute/wasm/forest/forest-kernels.ts'
import { columnFrom } from '../frame-of.ts'
import { createRandom } from '../random/random.ts'
import { boruta } from './boruta.ts'
import { eliminateFeatures } from './eliminate-features.ts'
import { cellsImportanceOf, forestImportanceOf } from './feature-importance.ts'
import { levelColumns } from './level-columns.ts'
import { type FeatureScore, featureScores, type ScoreTarget, scoreFeature } from './score-feature.ts'

type Best = Record<string, [statistic: number, pValue: number]>
interface Golden {
  classes: number[]
  y: number[]
  number: number[]
  count: number[]
  text: string[]
  seldom: string[]
  anova: Best
  line: Best
  chiSquare: Best
  information: Record<string, number>
}
const golden = readGolden<Golden>('ml-select-scores')
const classes: ScoreTarget = { kind: 'classes', codes: Int32Array.from(golden.classes), classes: 3 }
const numbers: ScoreTarget = { kind: 'numbers', values: Float64Array.from(golden.y) }
const cells: Record<string, Cells> = {
  number: columnFrom('number', 'number', golden.number).cells,
  count: columnFrom('count', 'number', golden.count).cells,
  text: columnFrom('text', 'text', golden.text).cells,
  seldom: columnFrom('seldom', 'text', golden.seldom).cells,
}

test('each feature scores as the best of its one-hot columns in scikit-learn', () => {
  const check = (expected: Best, target: ScoreTarget, score: FeatureScore) => {
    for (const [name, wanted] of Object.entries(expected)) {
      const { value, pValue } = scoreFeature(cells[name]!, target, score)
      // both sum a hundred and fifty numbers, in another order
      expect(largestDifference([value, pValue], wanted), `${score} ${name}`).toBeLessThan(1e-10)
    }
  }
  check(golden.anova, classes, 'anova')
  check(golden.line, numbers, 'anova')
  check(golden.chiSquare, classes, 'chi-square')
  for (const [name, wanted] of Object.entries(golden.information))
    expect(scoreFeature(cells[name]!, classes, 'mutual-information').value).toBeCloseTo(wanted, 12)
})

test('every score ranks what makes the class before noise, with gaps and for both kinds of target', () => {
  const random = createRandom(4)
  const noise: Cells = { kind: 'number', values: Float64Array.from(golden.y, () => random.normal()) }
  const gaps: Cells = {
    kind: 'number',
    values: Float64Array.from(golden.count, (value, i) => (i % 7 ? value : Number.NaN)),
  }
  for (const target of [classes, numbers])
    for (const score of featureScores) {
      if (score === 'chi-square') continue
      const value = (column: Cells) => scoreFeature(column, target, score).value
      expect(value(cells.text!), score).toBeGreaterThan(value(cells.seldom!))
      expect(value(gaps), score).toBeGreaterThan(value(noise))
      expect(value({ kind: 'number', values: new Float64Array(150).fill(3) }), score).toBe(0)
    }
  expect(() => scoreFeature(noise, numbers, 'chi-square')).toThrow('need classes')
})

test('a text is one column a level, the most frequent of many', () => {
  const { cells: text } = columnFrom('t', 'text', ['b', 'a', null, 'b', 'c', 'c'])
  if (text.kind !== 'text') throw new Error('not a text')
  expect(levelColumns(text).map((column) => Array.from(column))).toEqual([
    [0, 1, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 1, 1],
  ])
  expect(levelColumns(text, 2).map((column) => column.indexOf(1))).toEqual([0, 4])
})

test('forests weigh texts with all their levels, in Boruta and in elimination', async () => {
  const labels = Float64Array.from(golden.classes)
  const forest = forestImportanceOf(wasmForestKernels, labels, 3, { seed: 2, threads: 1, trees: 40 })
  const importance = cellsImportanceOf(forest)
  const random = createRandom(11)
  const noise: Cells = { kind: 'number', values: Float64Array.from(golden.y, () => random.normal()) }
  const columns = [noise, cells.text!, cells.count!, cells.seldom!]
  const shares = await importance(columns, 0)
  expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(shares[1]).toBeGreaterThan(shares[3]!)
  const verdicts = await boruta(columns, importance, createRandom(1), { runs: 25 })
  expect(verdicts[1]!.verdict).toBe('confirmed')
  expect(verdicts[3]!.hits).toBeLessThan(verdicts[1]!.hits)
  const { kept } = await eliminateFeatures(columns, importance, { keep: 2 })
  expect(kept).toContain(1)
})
