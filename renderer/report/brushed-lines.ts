import type { ParallelAxis, ParallelChart } from '#report/parallel-layout'

/** What is marked on the axes: places on the page from the upper to the lower, by the axis's number. */
export type Brushes = Readonly<Record<number, readonly [upper: number, lower: number]>>

/** Whether a line passes through everything that is marked. */
export function isWithin(
  line: ParallelChart['lines'][number],
  axes: readonly ParallelAxis[],
  brushes: Brushes,
): boolean {
  return Object.entries(brushes).every(([at, [upper, lower]]) => {
    const y = axes[Number(at)]?.y(line.values[Number(at)] ?? null)
    return y !== undefined && y >= upper - 0.5 && y <= lower + 0.5
  })
}

/** The brushes after a drag on an axis from one place to another; a mere click takes its mark away. */
export function brushedBy(brushes: Brushes, axis: number, from: number, to: number): Brushes {
  const { [axis]: _, ...others } = brushes
  const range: readonly [number, number] = [Math.min(from, to), Math.max(from, to)]
  return range[1] - range[0] < 4 ? others : { ...others, [axis]: range }
}
