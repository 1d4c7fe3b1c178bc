/** One promise of a node, and what is wrong with how it keeps it. */
export interface CheckedPromise {
  readonly promise: string
  readonly faults: readonly string[]
}
/** What the process that checks a custom node tells whoever started it. */
export type CheckTold = { readonly promises: readonly CheckedPromise[] } | { readonly problem: string }
