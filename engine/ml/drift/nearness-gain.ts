import { distanceOf } from './nearest-point.ts'
import type { Sphere } from './spheres.ts'

/**
 * q-NSC, the silhouette of q nearest neighbours (Masud et al. 2011, definition 6): (b - a) / max(a, b), with a the mean
 * distance of an outlier from its q nearest outliers and b the smallest mean distance from the q nearest rows of one
 * known class; above 0 it is closer to the outliers than to any class. As in the paper spheres stand for rows, here each
 * for as many as it holds: the nearest are taken until they hold q rows, or all. The rows of its own sphere lie at
 * its mean distance. Of each class the spheres of one member of the ensemble count.
 */
export function nearnessGain(
  outliers: readonly Sphere[],
  at: number,
  known: readonly (Sphere & { readonly label: number })[],
  q: number,
): number {
  const own = outliers[at]!
  const near = outliers.map((other, index) =>
    index === at
      ? { distance: own.mean, n: own.n - 1 }
      : { distance: distanceOf(own.centre, other.centre), n: other.n },
  )
  const a = meanOfNearest(near, q)
  const classes = new Map<number, { distance: number; n: number }[]>()
  for (const { label, centre, n } of known) {
    const list = classes.get(label) ?? []
    list.push({ distance: distanceOf(own.centre, centre), n })
    classes.set(label, list)
  }
  const b = Math.min(...Array.from(classes.values(), (list) => meanOfNearest(list, q)))
  if (b === Number.POSITIVE_INFINITY) return 1
  const larger = Math.max(a, b)
  return larger === Number.POSITIVE_INFINITY ? -1 : larger > 0 ? (b - a) / larger : 0
}

/** Mean distance of the q nearest rows, or of all where there are fewer; infinite where there are none. */
function meanOfNearest(among: readonly { readonly distance: number; readonly n: number }[], q: number): number {
  let left = q
  let sum = 0
  for (const { distance, n } of [...among].sort((x, y) => x.distance - y.distance)) {
    const taken = Math.min(left, n)
    sum += taken * distance
    left -= taken
    if (left === 0) break
  }
  return left === q ? Number.POSITIVE_INFINITY : sum / (q - left)
}
