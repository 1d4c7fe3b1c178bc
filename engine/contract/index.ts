/**
 * The types every room speaks. Start with `node.ts` (what a node is), then `values.ts` (what travels on wires),
 * `document.ts` (the pipeline file) and `engine.ts` (what a host can ask of the engine).
 */
export * from './channel.ts'
export * from './custom-nodes.ts'
export * from './document.ts'
export * from './engine.ts'
export * from './history.ts'
export * from './host-api.ts'
export * from './inside-area.ts'
export * from './kernels.ts'
export * from './lint.ts'
export * from './node.ts'
export * from './problem.ts'
export * from './registry.ts'
export * from './report-block.ts'
export * from './rollout.ts'
export * from './row-predicate.ts'
export * from './socket-frames.ts'
export * from './sweep.ts'
export * from './table.ts'
export * from './values.ts'
export * from './wire.ts'
