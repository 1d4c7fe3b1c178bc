import type { AnyNode } from '#contract'
import example from '../../nodes/data/example/node.ts'
import split from '../../nodes/data/split/node.ts'
import tune from '../../nodes/train/tune/node.ts'

/** The three nodes of a search. */
export const catalogue: readonly AnyNode[] = [example, split, tune]
