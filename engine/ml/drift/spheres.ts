import { distanceOf } from './nearest-point.ts'

/** Rows in short: their mean, how many, the mean and the largest distance from it. */
export interface Sphere {
  readonly centre: Float64Array
  readonly n: number
  readonly mean: number
  readonly radius: number
}

export type SphereJson = Omit<Sphere, 'centre'> & { readonly centre: readonly number[] }

export function sphereOf(rows: readonly Float64Array[]): Sphere {
  const centre = new Float64Array(rows[0]!.length)
  for (const row of rows) for (let j = 0; j < centre.length; j++) centre[j]! += row[j]! / rows.length
  const distances = rows.map((row) => distanceOf(row, centre))
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / rows.length
  return { centre, n: rows.length, mean, radius: Math.max(...distances) }
}

export const sphereToJson = <Own extends Sphere>(sphere: Own) => ({ ...sphere, centre: Array.from(sphere.centre) })
export const sphereFromJson = <Own extends SphereJson>(saved: Own) => ({
  ...saved,
  centre: Float64Array.from(saved.centre),
})
