/**
 * What algorithms need from a backend: compiled kernels on memory of their own, and loaded networks. `engine/compute`
 * implements them; `engine/ml` takes them as arguments, so that it stays pure.
 */
export interface Kernels {
  trees(): Promise<TreeKernels>
  forest(): Promise<ForestKernels>
  shap(): Promise<ShapKernels>
  dense(): Promise<DenseKernels>
  /** ONNX Runtime on the CPU. Results depend on the number of threads in the last bits; 1 unless told. */
  sessions(threads?: number): Promise<OpenSession>
  /**
   * Devices that may train networks, the first to be tried first: those that ONNX Runtime reaches, or TensorFlow.js where
   * the user has installed it. Their results differ from the processor's in the last bits.
   */
  accelerators(library: 'onnxruntime' | 'tensorflow'): Promise<readonly AcceleratorOffer[]>
}

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

/** Addresses and settings, as the kernels' setters take them; see the kernels' `state.ts`. */
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
    histogramPlaces: number,
    histogramSet: number,
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

/** Bin of a value = number of bounds below it; the missing bin comes after the last. */
export interface FeatureBins {
  /** Ascending upper bounds of all bins but the last. */
  readonly bounds: Float64Array
  readonly hasMissing: boolean
  /** The values of a feature without order, one a bin. */
  readonly categories?: Float64Array
}

/** How a forest grows; see `growForest`. */
export interface ForestOptions {
  readonly trees: number
  /** Number of the first tree that is grown, 0 unless told: those before it are there already. */
  readonly first?: number
  /** Features looked at in each node; constant ones don't count. */
  readonly tryFeatures: number
  /** 0 for no limit. */
  readonly maxDepth: number
  readonly minLeaf: number
  readonly minSplit: number
  readonly bootstrap: boolean
  /** One random threshold a feature instead of the best: extra trees. */
  readonly randomThresholds: boolean
  readonly seed: number
  readonly threads: number
}

export interface ForestRows {
  readonly columns: readonly Float64Array[]
  /** Class numbers when `classes` > 0, else numbers. */
  readonly labels: Float64Array
  readonly weights?: Float64Array
  /** 0 for regression. */
  readonly classes: number
}

/** A tree as the kernels leave it: node records of 40 bytes, and values. */
export interface GrownTree {
  readonly nodes: ArrayBuffer
  readonly values: Float64Array
}
export interface ForestJob {
  readonly bins: readonly FeatureBins[]
  readonly data: ForestRows
  readonly outputs: number
  readonly options: ForestOptions
}
export interface ForestKernels {
  /** Grows all trees; `afterTree` is called now and then with the number grown and may throw to cancel. */
  grow(job: ForestJob, afterTree?: (grown: number) => void): Promise<readonly GrownTree[]>
}

/** What tree explanations need from a backend; `engine/compute` implements it in WebAssembly. */
export interface ShapKernels {
  /** Memory of at least this many bytes, cleared, with the kernels on it. */
  open(bytes: number): ShapSession
}

export interface ShapSession {
  readonly buffer: ArrayBufferLike
  setScratch(weights: number, room: number): void
  walkTree(
    nodes: number,
    count: number,
    leaves: number,
    x: number,
    features: number,
    from: number,
    to: number,
    phi: number,
    mode: 0 | 1 | 2,
    maskOut: number,
    pending: number,
  ): void
  /** Path-dependent values of one tree without tables; see the kernels' `quadrature.ts`. */
  walkQuadrature(
    nodes: number,
    points: number,
    abscissae: number,
    weights: number,
    room: number,
    x: number,
    features: number,
    from: number,
    to: number,
    phi: number,
  ): void
  /** Adds one tree's margins of rows [0, rows) to every `stride`-th number from `out` on; see the kernels' `score.ts`. */
  scoreTree(nodes: number, depth: number, x: number, rows: number, features: number, out: number, stride: number): void
  /** Distinct masks of at most 16 bits in order of appearance, with their shares; how many there are. */
  distinctMasks(seen: number, rows: number, counts: number, masks: number, shares: number): number
}

/** Row-major: element (i, j) is `values[i * columns + j]`. */
export interface DenseMatrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/**
 * Products of dense matrices that compute more than they read; those with a vector only wait for memory. Every implementation sums in the same order and without fused operations, so all give the
 * same bytes; `plainProducts` in engine/ml is the one in TypeScript. Numbers are finite.
 */
export interface DenseProducts {
  /** Adds X' diag(d) X to the lower triangle of the block of `out` (row-major, `stride` columns) that starts at (at, at). */
  addGram(x: DenseMatrix, d: Float64Array | undefined, out: Float64Array, stride?: number, at?: number): void
  /** The same of the rows less the means of the columns, for the whole of `out`. */
  addCentredGram(x: DenseMatrix, means: Float64Array, d: Float64Array | undefined, out: Float64Array): void
  /** out = A B' + start, row-major [rows of A, rows of B]; `start` is one number a row of B. */
  multiplyRows(a: DenseMatrix, b: DenseMatrix, out: Float64Array, start?: Float64Array): void
  /** out = the squared Euclidean distance of each row of A from each of B, row-major. */
  squaredGaps(a: DenseMatrix, b: DenseMatrix, out: Float64Array): void
}

/** Compiled work on dense matrices; what algorithms do without them gives the same bytes. */
export interface DenseKernels extends DenseProducts {
  /**
   * The k nearest other rows of every row (k at most the other rows), Euclidean, nearest first, of equals the lower row:
   * row-major [rows, k]. Every row is compared with every other, which pays where a tree can not sort much out.
   */
  nearestOthers(
    x: DenseMatrix,
    k: number,
  ): { readonly k: number; readonly rows: Uint32Array; readonly distances: Float64Array }
}

/** A tensor that goes into a model or comes out of it. */
export type SessionTensor =
  | { readonly type: 'float'; readonly shape: readonly number[]; readonly values: Float32Array }
  | { readonly type: 'double'; readonly shape: readonly number[]; readonly values: Float64Array }
  | { readonly type: 'int32'; readonly shape: readonly number[]; readonly values: Int32Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly values: BigInt64Array }

/** A loaded ONNX model. */
export interface Session {
  run(inputs: Readonly<Record<string, SessionTensor>>): Promise<Readonly<Record<string, SessionTensor>>>
  release(): Promise<void>
}

/**
 * Loads the bytes of an ONNX model; engine/compute has one on ONNX Runtime. A brief one runs for so short a time that it
 * is not worth preparing at length.
 */
export type OpenSession = (model: Uint8Array, brief?: boolean) => Promise<Session>

/** A tensor that stays on a device. */
export interface DeviceTensor {
  readonly location: 'device'
  dispose(): void
}

/** A loaded ONNX model on a device. */
export interface DeviceSession {
  /** Outputs that were named when it was opened are kept on the device, the others read. */
  run(inputs: Readonly<Record<string, SessionTensor | DeviceTensor>>): Promise<{
    readonly read: Readonly<Record<string, SessionTensor>>
    readonly kept: Readonly<Record<string, DeviceTensor>>
  }>
  release(): Promise<void>
}

/** A device that is looked for when it is asked for. */
export interface AcceleratorOffer {
  find(): Promise<Accelerator | { readonly missing: string }>
}

export interface Accelerator {
  /** For reports: "WebGPU". */
  readonly name: string
  open(model: Uint8Array, kept: readonly string[]): Promise<DeviceSession>
}
