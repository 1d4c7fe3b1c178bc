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

/** Loads the bytes of an ONNX model; engine/compute has one on ONNX Runtime. */
export type OpenSession = (model: Uint8Array) => Promise<Session>
