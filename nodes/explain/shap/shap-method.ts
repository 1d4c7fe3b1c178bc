import { type Model, ProblemError } from '#contract'
import { readableTerms, subjectOf } from '#ml/explain/subject'
import type { Network } from '#ml/neural/network'

export const methodChoices = [
  'automatic',
  'tree-path-dependent',
  'tree-interventional',
  'linear',
  'expected-gradients',
  'kernel',
  'permutation',
  'partition',
] as const
export type MethodChoice = (typeof methodChoices)[number]
export type ShapMethod = Exclude<MethodChoice, 'automatic'>

export const methodNames: Readonly<Record<ShapMethod, string>> = {
  'tree-path-dependent': 'Tree SHAP, path-dependent',
  'tree-interventional': 'Tree SHAP, interventional',
  linear: 'Linear SHAP',
  'expected-gradients': 'Expected gradients',
  kernel: 'Kernel SHAP',
  permutation: 'Permutation SHAP',
  partition: 'Partition SHAP',
}

/** Layers that look something up: by their numbers there is no slope, but by the vectors of the first one there is. */
const lookUps: readonly string[] = ['embedding', 'wordMean', 'columnEmbedding']

/** Why a network can be differentiated; undefined where it can't. */
function slopeReason({ network, learner }: Model): string | undefined {
  if (!network) return undefined
  const [first, ...layers] = (network.design as unknown as Network).layers
  if (layers.some(({ kind }) => lookUps.includes(kind))) return undefined
  if (learner.type === 'optimise/quantize') return 'the network can be differentiated, its rounding taken as none'
  const byWords = first?.kind === 'embedding' || first?.kind === 'wordMean'
  return `the network can be differentiated${byWords ? ' by the vectors of its words' : ''}`
}

/** Methods that can explain a model, those that `automatic` prefers first, each with the reason. */
function fitting(model: Model): readonly (readonly [ShapMethod, string])[] {
  const { linear, trees, preparation, features } = model
  const subject = subjectOf(model)
  const exact = preparation !== undefined && (subject === 'columns' || readableTerms(model))
  const slope = slopeReason(model)
  const few = 2 ** features.length <= mostCounted
  const sampled: readonly (readonly [ShapMethod, string])[] =
    subject === 'columns'
      ? few
        ? [
            ['kernel', `${features.length} columns are few enough to score every coalition`],
            ['permutation', 'any model can be explained by its scores'],
            ['partition', 'any model can be explained by its scores'],
          ]
        : [
            ['permutation', 'any model can be explained by its scores'],
            ['kernel', 'any model can be explained by its scores'],
            ['partition', 'any model can be explained by its scores'],
          ]
      : [
          [
            'partition',
            subject === 'words' ? 'words are read in their order' : 'neighbouring cells of a picture go together',
          ],
          ['permutation', 'any model can be explained by its scores'],
          ['kernel', 'any model can be explained by its scores'],
        ]
  return [
    ...(linear && exact ? ([['linear', 'the weights of a linear model say it exactly']] as const) : []),
    ...(trees && exact
      ? ([
          ['tree-path-dependent', 'the trees say it exactly, with the rows that reached each branch'],
          ['tree-interventional', 'the trees say it exactly, against rows of the table'],
        ] as const)
      : []),
    ...(slope === undefined ? [] : ([['expected-gradients', slope]] as const)),
    ...sampled,
  ]
}

/** With so many coalitions or fewer all are scored unless told. */
export const mostCounted = 256

const needs: Readonly<Record<ShapMethod, string>> = {
  'tree-path-dependent': 'a model of trees',
  'tree-interventional': 'a model of trees',
  linear: 'a linear model',
  'expected-gradients': 'a network',
  kernel: 'a model that predicts',
  permutation: 'a model that predicts',
  partition: 'a model that predicts',
}
const exactMethods: readonly ShapMethod[] = ['linear', 'tree-path-dependent', 'tree-interventional']

/** The method that explains a model, and why; refuses one that does not fit, or with `exactOnly` one that estimates. */
export function chooseMethod(
  model: Model,
  wanted: MethodChoice,
  exactOnly = false,
): { readonly method: ShapMethod; readonly why: string } {
  if (model.purpose === 'preparation')
    throw notSupported(
      'The model at the input is a preparation and predicts nothing.',
      'Connect the model of a train node',
    )
  const possible = fitting(model).filter(([method]) => !exactOnly || exactMethods.includes(method))
  const found = wanted === 'automatic' ? possible[0] : possible.find(([method]) => method === wanted)
  if (found) return { method: found[0], why: wanted === 'automatic' ? found[1] : 'chosen' }
  if (exactOnly)
    throw notSupported(
      `A model of ${model.learner.type} has neither weights nor trees to explain it by.`,
      'Connect a linear model or a model of trees',
    )
  throw new ProblemError({
    code: 'parameter-bad',
    message: `${methodNames[wanted as ShapMethod]} explains ${needs[wanted as ShapMethod]}; this one comes from ${model.learner.type}.`,
    path: ['params', 'method'],
    fix: `Choose automatic, ${possible.map(([method]) => method).join(', ')}`,
  })
}

export const notSupported = (message: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message, path: ['inputs', 'model'], fix })
