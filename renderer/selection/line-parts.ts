import type { ChartPlaces, PartPlaces, Spot } from '#report/chart-places'

/** A stretch of a line is this thick to the pointer. */
const reach = 6

function between(a: Spot, b: Spot): PartPlaces['places'][number] {
  const strip = {
    x: Math.min(a.x, b.x) - reach,
    y: Math.min(a.y, b.y) - reach,
    width: Math.abs(b.x - a.x) + 2 * reach,
    height: Math.abs(b.y - a.y) + 2 * reach,
  }
  return { strip, mark: strip, line: [a.x, a.y, b.x, b.y] }
}

/** Parts of a line: between each two points where there is one part less, else from halfway before to halfway behind each. */
export function lineParts({ spots = [], plane }: ChartPlaces, count: number): PartPlaces | undefined {
  if (!plane || count === 0) return undefined
  if (count === spots.length - 1)
    return { grow: 'cells', places: spots.slice(1).map((spot, at) => between(spots[at]!, spot)) }
  if (count !== spots.length) return undefined
  const { box } = plane
  const ends = spots.slice(1).map((spot, at) => (spot.x + spots[at]!.x) / 2)
  const edges = [box.x, ...ends, box.x + box.width]
  const places = spots.map((spot, at) => {
    const strip = { ...box, x: edges[at]!, width: edges[at + 1]! - edges[at]! }
    return { strip, mark: { x: spot.x - 5, y: spot.y - 10, width: 10, height: 20 } }
  })
  return { grow: 'up', places }
}
