import type { AnyNode, InferContext, JsonValue } from '#contract'
import { ProblemError } from '#contract'
import { describeNode } from '#graph/describe-node'
import type { MigrateAnswer, MigrateQuestion } from './proxy-migrations.ts'
import type { InferAnswer, InferQuestion, NodeDescription } from './proxy-node.ts'

/** What the engine asks the process of a custom node besides steps. */
export type Question =
  | { readonly kind: 'describe' }
  | ({ readonly kind: 'infer' } & InferQuestion)
  | ({ readonly kind: 'migrate' } & MigrateQuestion)
export type QuestionAnswer = NodeDescription | InferAnswer | MigrateAnswer

const own = ['effect', 'measures', 'reviewed', 'consults', 'sources'] as const

/** Answered beside the node's code. */
export async function answerQuestion(node: AnyNode, question: Question): Promise<QuestionAnswer> {
  if (question.kind === 'describe')
    return {
      card: { ...describeNode(node) },
      migrates: Object.keys(node.migrate ?? {}).map(Number),
      forbidden: own.filter((part) => node[part] !== undefined),
    }
  if (question.kind === 'migrate') return { steps: migrateSteps(node, question) }
  const params = node.params.parse(question.params)
  return (await node.infer({ inputs: question.inputs as never, params: params as never, context })) as InferAnswer
}

function migrateSteps({ migrate = {}, version }: AnyNode, { from, params }: MigrateQuestion) {
  const steps: Record<string, JsonValue>[] = []
  for (let at = from; at < version; at++) {
    const step = migrate[at]
    if (!step) break
    steps.push(step(steps.at(-1) ?? params))
  }
  return JSON.parse(JSON.stringify(steps)) as MigrateAnswer['steps']
}

function unknown(): never {
  throw new ProblemError({
    code: 'not-supported',
    message: 'A custom node can not look into files or plan queries before a run.',
    fix: 'Announce columns from the inputs and the parameters alone.',
  })
}
const context: InferContext = { peek: async () => unknown(), describe: async () => unknown() }
