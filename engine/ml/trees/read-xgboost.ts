import { ProblemError } from '#contract'
import type { Tree, TreeEnsemble } from './ensemble.ts'
import { thresholdBelow } from './single-precision.ts'

interface SavedTree {
  readonly default_left: readonly (number | boolean)[]
  readonly left_children: readonly number[]
  readonly right_children: readonly number[]
  readonly split_conditions: readonly number[]
  readonly split_indices: readonly number[]
  readonly split_type: readonly number[]
  readonly sum_hessian: readonly number[]
  readonly loss_changes: readonly number[]
  readonly tree_param: { readonly size_leaf_vector: string }
}
interface SavedTrees {
  readonly trees: readonly SavedTree[]
  readonly tree_info: readonly number[]
}
interface SavedModel {
  readonly learner: {
    readonly gradient_booster:
      | { readonly name: 'gbtree'; readonly model: SavedTrees }
      | {
          readonly name: 'dart'
          readonly gbtree: { readonly model: SavedTrees }
          readonly weight_drop: readonly number[]
        }
      | { readonly name: 'gblinear' }
    readonly learner_model_param: {
      readonly base_score: string
      readonly num_class: string
      readonly num_target?: string
    }
    readonly objective: { readonly name: string }
  }
}

/** How an objective's base score becomes a margin. */
const identity = (score: number) => score
const links: Readonly<Record<string, (score: number) => number>> = {
  'binary:logistic': (score) => Math.log(score / (1 - score)),
  'binary:logitraw': (score) => Math.log(score / (1 - score)),
  'reg:logistic': (score) => Math.log(score / (1 - score)),
  'count:poisson': Math.log,
  'reg:gamma': Math.log,
  'reg:tweedie': Math.log,
  'reg:squarederror': identity,
  'reg:absoluteerror': identity,
  'reg:pseudohubererror': identity,
  'multi:softprob': identity,
  'multi:softmax': identity,
}

/**
 * Reads the JSON that XGBoost's `save_model` writes (booster gbtree or dart, numeric splits). XGBoost compares x < t in
 * single precision; the thresholds here are the doubles for which x <= threshold says the same of every double x. Cover
 * is the sum of hessians. Base scores are one number, or one an output since XGBoost 3.
 */
export function readXgboost({ learner }: SavedModel): TreeEnsemble {
  const booster = learner.gradient_booster
  if (booster.name === 'gblinear') throw unusable('is linear (gblinear)', 'Save a model of the booster gbtree or dart')
  const { trees, tree_info } = booster.name === 'dart' ? booster.gbtree.model : booster.model
  const scales = booster.name === 'dart' ? booster.weight_drop : undefined
  const outputs = Math.max(
    1,
    Number(learner.learner_model_param.num_class),
    Number(learner.learner_model_param.num_target ?? 1),
  )
  const ofOutput = Array.from({ length: outputs }, (_, output) =>
    trees.flatMap((tree, index) => (tree_info[index] === output ? [readTree(tree, scales?.[index] ?? 1)] : [])),
  )
  if (ofOutput.some(({ length }) => length !== ofOutput[0]!.length))
    throw unusable('has more trees for one output than for another', 'Save the model after a whole round of training')
  return {
    trees: ofOutput[0]!.flatMap((_, round) => ofOutput.map((own) => own[round]!)),
    outputs,
    base: baseMargins(learner.learner_model_param.base_score, learner.objective.name, outputs),
  }
}

function baseMargins(text: string, objective: string, outputs: number): number[] {
  const link = links[objective]
  if (!link) throw unusable(`has the objective ${objective}`, `Train with one of ${Object.keys(links).join(', ')}`)
  const scores = text
    .replace(/[[\]]/g, '')
    .split(',')
    .map((score) => Math.fround(Number(score)))
  return Array.from({ length: outputs }, (_, output) => link(scores[output] ?? scores[0]!))
}

function readTree(saved: SavedTree, scale: number): Tree {
  if (saved.tree_param.size_leaf_vector > '1')
    throw unusable('has trees of several outputs', 'Train one tree an output')
  if (saved.split_type.some((type) => type !== 0))
    throw unusable('splits on categories', 'Train on categories as indicators')
  const isLeaf = (node: number) => saved.left_children[node] === -1
  return {
    feature: Int32Array.from(saved.split_indices, (feature, node) => (isLeaf(node) ? -1 : feature)),
    threshold: Float64Array.from(saved.split_conditions, (value, node) => (isLeaf(node) ? 0 : thresholdBelow(value))),
    missingLeft: Uint8Array.from(saved.default_left, Number),
    left: Int32Array.from(saved.left_children),
    right: Int32Array.from(saved.right_children, (child, node) => (isLeaf(node) ? -1 : child)),
    value: Float64Array.from(saved.split_conditions, (value, node) => (isLeaf(node) ? Math.fround(value) * scale : 0)),
    cover: Float64Array.from(saved.sum_hessian),
    gain: Float64Array.from(saved.loss_changes, (gain, node) => (isLeaf(node) ? 0 : gain)),
  }
}

const unusable = (what: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message: `The XGBoost model ${what}, which can not be read here.`, fix })
