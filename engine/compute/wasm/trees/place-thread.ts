import type { GrowerSetup } from '#contract'

/** The exports of `assembly/index.ts`. */
export interface KernelExports {
  binColumn(
    source: number,
    from: number,
    to: number,
    bounds: number,
    missingBin: number,
    column: number,
    row: number,
    stride: number,
  ): void
  setPlace(thread: number, threads: number, begin: number, count: number, rows: number): void
  setTable(...table: GrowerSetup['table']): void
  setBuffers(...buffers: GrowerSetup['buffers']): void
  setLimits(...limits: GrowerSetup['limits']): void
  setGrowth(...growth: GrowerSetup['growth']): void
  setScales(gradient: number, hessian: number): void
  prime(): void
  growTree(): number
  barrier(): void
}

/** Gives an instance of the module its place among the threads. */
export function place(kernels: KernelExports, setup: GrowerSetup, thread: number): void {
  const [begin, count] = setup.ranges[thread]!
  kernels.setPlace(thread, setup.ranges.length, begin, count, setup.rows)
  kernels.setTable(...setup.table)
  kernels.setBuffers(...setup.buffers)
  kernels.setLimits(...setup.limits)
  kernels.setGrowth(...setup.growth)
  kernels.setScales(...setup.scales)
}
