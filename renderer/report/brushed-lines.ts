import type { ParallelAxis, ParallelChart } from '#report/parallel-layout'

/** What is marked on the axes, by the axis's number: places along it, the smaller first. */
export type Brushes = Readonly<Record<number, readonly [from: number, to: number]>>

/** Whether a line passes through everything that is marked. */
export function isWithin(
  line: ParallelChart['lines'][number],
  axes: readonly ParallelAxis[],
  brushes: Brushes,
): boolean {
  return Object.entries(brushes).every(([n, [from, to]]) => {
    const along = axes[Number(n)]?.place(line.values[Number(n)] ?? null)
    return along !== undefined && along >= from - 0.5 && along <= to + 0.5
  })
}

/** The brushes after a drag on an axis from one place to another; a mere click takes its mark away. */
export function brushedBy(brushes: Brushes, axis: number, from: number, to: number): Brushes {
  const { [axis]: _, ...others } = brushes
  const range: readonly [number, number] = [Math.min(from, to), Math.max(from, to)]
  return range[1] - range[0] < 4 ? others : { ...others, [axis]: range }
}
