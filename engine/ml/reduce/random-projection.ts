import { ProblemError } from '#contract'
import { type Matrix, matrix } from '../matrix.ts'
import type { Random } from '../random/random.ts'

/**
 * Axes of a random projection, one a row, for `projectRows`: squared lengths are kept on average.
 * - gaussian: normal entries of variance 1 / components (Johnson & Lindenstrauss 1984);
 * - sparse: ±√(1 / (density components)) with probability density / 2 each, else 0 (Li, Hastie & Church 2006,
 *   doi 10.1145/1150402.1150436), density 1 / √columns as in scikit-learn; 1/3 is Achlioptas' choice.
 */
export function randomAxes(
  columns: number,
  components: number,
  random: Random,
  kind: 'gaussian' | 'sparse' = 'gaussian',
  density = 1 / Math.sqrt(columns),
): Matrix {
  const axes = matrix(components, columns)
  const size = Math.sqrt(1 / ((kind === 'sparse' ? density : 1) * components))
  for (let at = 0; at < axes.values.length; at++) {
    if (kind === 'gaussian') axes.values[at] = size * random.normal()
    else {
      const draw = random.uniform()
      axes.values[at] = draw < density / 2 ? size : draw < density ? -size : 0
    }
  }
  return axes
}

/**
 * Components that keep all distances between `rows` points within a factor 1 ± distortion with good probability:
 * 4 ln n / (ε² / 2 - ε³ / 3) (Dasgupta & Gupta 2003, doi 10.1002/rsa.10073), rounded down as in scikit-learn.
 */
export function componentsForDistortion(rows: number, distortion: number): number {
  if (!(distortion > 0 && distortion < 1))
    throw new ProblemError({
      code: 'parameter-bad',
      message: `A distortion of ${distortion} is not between 0 and 1.`,
      fix: 'Choose a distortion between 0 and 1, such as 0.1.',
    })
  return Math.floor((4 * Math.log(rows)) / (distortion ** 2 / 2 - distortion ** 3 / 3))
}
