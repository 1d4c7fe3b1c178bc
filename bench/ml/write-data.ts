import { writeFileSync } from 'node:fs'
import { createRandom } from '#ml/random/random'

/** Column after column of doubles: bell-shaped features between 0 and 3, then a class of 0 and 1 that depends on the first five. */
export function writeData(file: string, rows: number, features: number): void {
  const random = createRandom(3)
  const table = new Float64Array((features + 1) * rows)
  for (let at = 0; at < features * rows; at++) table[at] = random.uniform() + random.uniform() + random.uniform()
  for (let row = 0; row < rows; row++) {
    const x = (f: number) => (f < features ? table[f * rows + row]! : 1.5)
    const margin = x(0) + x(1) * x(2) - x(3) + Math.sin(3 * x(4)) + 3 * random.uniform() - 3.2
    table[features * rows + row] = margin > 0 ? 1 : 0
  }
  writeFileSync(file, table)
}
