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
}
