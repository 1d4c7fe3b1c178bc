import type { AnyNode, InferContext } from '#contract'
import { ProblemError } from '#contract'
import { describeNode } from '#graph/describe-node'
import type { InferAnswer, InferQuestion, NodeDescription } from './proxy-node.ts'

/** What the engine asks the process of a custom node besides steps. */
export type Question = { readonly kind: 'describe' } | ({ readonly kind: 'infer' } & InferQuestion)
export type QuestionAnswer = NodeDescription | InferAnswer

const own = ['effect', 'measures', 'reviewed', 'consults', 'sources', 'migrate'] as const

/** Answered beside the node's code. */
export async function answerQuestion(node: AnyNode, question: Question): Promise<QuestionAnswer> {
  if (question.kind === 'describe')
    return { card: describeNode(node), forbidden: own.filter((part) => node[part] !== undefined) }
  const params = node.params.parse(question.params)
  return (await node.infer({ inputs: question.inputs as never, params: params as never, context })) as InferAnswer
}

function unknown(): never {
  throw new ProblemError({
    code: 'not-supported',
    message: 'A custom node can not look into files or plan queries before a run.',
    fix: 'Announce columns from the inputs and the parameters alone.',
  })
}
const context: InferContext = { peek: async () => unknown(), describe: async () => unknown() }
