import type { Tree, TreeEnsemble } from './ensemble.ts'

/** What turns margins into predictions; `shares` are class probabilities already. */
export type TreeLink = 'identity' | 'logistic' | 'softmax' | 'exponential' | 'shares'

/** An ensemble over the prepared matrix with its link. */
export interface LinkedTrees {
  readonly ensemble: TreeEnsemble
  readonly link: TreeLink
}

/** JSON knows no infinity: a threshold without bound is null. */
interface PlainTree {
  readonly feature: readonly number[]
  readonly threshold: readonly (number | null)[]
  readonly missingLeft: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly value: readonly number[]
  readonly cover: readonly number[]
  readonly gain: readonly number[]
  readonly categories?: readonly (readonly number[] | null)[]
}
interface PlainEnsemble {
  readonly format: 1
  readonly link: TreeLink
  readonly outputs: number
  readonly base: readonly number[]
  readonly trees: readonly PlainTree[]
}

function plainTree(tree: Tree): PlainTree {
  return {
    feature: [...tree.feature],
    threshold: Array.from(tree.threshold, (bound) => (Number.isFinite(bound) ? bound : null)),
    missingLeft: [...tree.missingLeft],
    left: [...tree.left],
    right: [...tree.right],
    value: [...tree.value],
    cover: [...tree.cover],
    gain: [...tree.gain],
    ...(tree.categories && { categories: Array.from(tree.categories, (set) => (set ? [...set] : null)) }),
  }
}

/** An ensemble with its covers as JSON: what `Model.trees` names. Same ensemble, same text. */
export function printEnsemble({ link, ensemble: { outputs, base, trees } }: LinkedTrees): string {
  return JSON.stringify({ format: 1, link, outputs, base, trees: trees.map(plainTree) } satisfies PlainEnsemble)
}

/** What `printEnsemble` wrote. */
export function parseEnsemble(text: string): LinkedTrees {
  const { link, outputs, base, trees } = JSON.parse(text) as PlainEnsemble
  return { link, ensemble: { outputs, base, trees: trees.map(typedTree) } }
}

function typedTree(tree: PlainTree): Tree {
  return {
    feature: Int32Array.from(tree.feature),
    threshold: Float64Array.from(tree.threshold, (bound) => bound ?? Number.POSITIVE_INFINITY),
    missingLeft: Uint8Array.from(tree.missingLeft),
    left: Int32Array.from(tree.left),
    right: Int32Array.from(tree.right),
    value: Float64Array.from(tree.value),
    cover: Float64Array.from(tree.cover),
    gain: Float64Array.from(tree.gain),
    ...(tree.categories && {
      categories: tree.categories.map((set) => (set ? Float64Array.from(set) : undefined)),
    }),
  }
}
