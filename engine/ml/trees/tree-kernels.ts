/** What the grower needs from a backend: shared memory, the kernels on it, and threads. `engine/compute` implements it. */
export interface TreeKernels {
  open(job: { readonly bytes: number; readonly threads: number }): TreeSession
}

export interface TreeSession {
  readonly buffer: ArrayBufferLike
  /** Bins of one column already copied to `source`; writes both copies of the bin table. */
  binColumn(
    source: number,
    rows: number,
    bounds: number,
    missingBin: number,
    column: number,
    row: number,
    stride: number,
  ): void
  /** Starts the other threads on this setup. */
  begin(setup: GrowerSetup): Promise<void>
  /** Grows one tree on all threads; the number of splits. */
  growTree(): number
  /** Adds to the margins of all rows without growing: used once for the first gradients. */
  prime(): void
  close(): Promise<void>
}

/** Addresses and settings, as the kernels' setters take them; see `assembly/state.ts`. */
export interface GrowerSetup {
  readonly rows: number
  /** First place and count of each thread's rows. */
  readonly ranges: readonly (readonly [begin: number, count: number])[]
  readonly table: readonly [
    features: number,
    stride: number,
    rowBins: number,
    columnBins: number,
    columnBytes: number,
    binCounts: number,
    missing: number,
    monotone: number,
    allowed: number,
  ]
  readonly buffers: readonly [
    order: number,
    scratch: number,
    gradients: number,
    scores: number,
    labels: number,
    weights: number,
    hessians: number,
    threadHistograms: number,
    leafHistograms: number,
    control: number,
    privateScratch: number,
    output: number,
  ]
  readonly limits: readonly [
    leaves: number,
    depth: number,
    minRows: number,
    objective: number,
    l2: number,
    minHessian: number,
    learningRate: number,
    minGain: number,
  ]
  /** `groups` and `categorical` are addresses, 0 for none. */
  readonly growth: readonly [byDepth: number, groups: number, categorical: number, smoothing: number]
  readonly scales: readonly [gradient: number, hessian: number]
}
