import type { TestResult } from '../statistics/chi-square-test.ts'
import { fTail } from '../statistics/fisher-f.ts'

/**
 * One-way analysis of variance of a number over classes (Fisher 1925; scikit-learn's f_classif):
 * F = (SSB / (k - 1)) / (SSW / (n - k)). Rows with a missing number or a negative code are left out. A constant column,
 * a single class or no degrees of freedom give F = 0, p = 1; classes told apart without any spread F = ∞, p = 0.
 */
export function anovaF(values: Float64Array, codes: Int32Array, classes: number): TestResult {
  const counts = new Float64Array(classes)
  const means = new Float64Array(classes)
  let n = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const code = codes[i]!
    if (code < 0 || Number.isNaN(value)) continue
    n++
    total += value
    counts[code]! += 1
    means[code]! += value
  }
  const mean = total / n
  let present = 0
  let between = 0
  for (let k = 0; k < classes; k++) {
    if (counts[k] === 0) continue
    present++
    means[k]! /= counts[k]!
    between += counts[k]! * (means[k]! - mean) ** 2
  }
  let within = 0
  const firsts = new Float64Array(classes).fill(Number.NaN)
  let varied = false
  let variedWithin = false
  let first = Number.NaN
  for (let i = 0; i < values.length; i++) {
    const code = codes[i]!
    const value = values[i]!
    if (code < 0 || Number.isNaN(value)) continue
    within += (value - means[code]!) ** 2
    if (Number.isNaN(firsts[code]!)) firsts[code] = value
    if (Number.isNaN(first)) first = value
    if (value !== firsts[code]!) variedWithin = true
    if (value !== first) varied = true
  }
  return varied ? ratio(between, variedWithin ? within : 0, present - 1, n - present) : { statistic: 0, pValue: 1 }
}

function ratio(between: number, within: number, above: number, below: number): TestResult {
  if (above < 1 || below < 1 || !(between > 0)) return { statistic: 0, pValue: 1 }
  if (within === 0) return { statistic: Number.POSITIVE_INFINITY, pValue: 0 }
  const statistic = between / above / (within / below)
  return { statistic, pValue: fTail(statistic, above, below) }
}

/**
 * F test of a straight line of one number on another: F = r² / (1 - r²) · (n - 2) (scikit-learn's f_regression). Pairs
 * with a missing cell are left out; constant columns give F = 0, p = 1, a perfect line F = ∞, p = 0.
 */
export function lineF(x: Float64Array, y: Float64Array): TestResult {
  let n = 0
  let first = -1
  let variedX = false
  let variedY = false
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]! + y[i]!)) continue
    n++
    if (first < 0) first = i
    if (x[i] !== x[first]) variedX = true
    if (y[i] !== y[first]) variedY = true
    sumX += x[i]!
    sumY += y[i]!
  }
  const meanX = sumX / n
  const meanY = sumY / n
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < x.length; i++) {
    const a = x[i]! - meanX
    const b = y[i]! - meanY
    if (Number.isNaN(a + b)) continue
    xx += a * a
    yy += b * b
    xy += a * b
  }
  if (!variedX || !variedY) return { statistic: 0, pValue: 1 }
  const explained = (xy * xy) / xx
  const rest = yy - explained
  return ratio(explained, rest > yy * 1e-15 ? rest : 0, 1, n - 2)
}
