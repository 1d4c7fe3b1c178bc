import type { Answering, RowAnswers } from './answering.ts'
import { ModelAway } from './model-runner.ts'
import { inferResponse, parseTensors, tensorRows } from './open-inference.ts'
import { QueueAway } from './queue/queue-away.ts'
import { json, type Reply, refusal } from './reply.ts'

/** A request for predictions, as it came. */
export interface AskedRows {
  readonly route: 'predict' | 'infer'
  readonly text: string
  /** Behind the question mark. */
  readonly query: string
  /** Of the answer. */
  readonly id: string
}
type Rows = { readonly rows: readonly unknown[]; readonly id?: string }

const mostRows = 10_000

/** Reads the rows of a request, lets a version (or the arms of a rollout) check and answer them, and words the reply. */
export async function answerRows(answering: Answering, asked: AskedRows): Promise<Reply> {
  const given = rowsOf(answering, asked)
  if ('status' in given) return given
  const { name } = answering
  try {
    const answered = await answering.answer(given.rows, asked)
    if (answered.faults) {
      const { length } = answered.faults
      const broken = length === 1 ? 'A value breaks' : `${length} values break`
      return refusal(422, `${broken} the schema of ${name}.`, { problems: answered.faults })
    }
    const people = answered.told.filter(({ decision }) => decision === null).length
    if (people > 0 && asked.route === 'infer')
      return refusal(
        409,
        `People decide ${people} of ${given.rows.length} rows, for which this protocol has no words. POST /v1/predict opens a case for each.`,
      )
    return await reply(answering, asked, given, answered)
  } catch (error) {
    if (error instanceof QueueAway)
      return refusal(503, `The queue of ${name} can not be written, so no case was opened.`)
    if (error instanceof ModelAway) return refusal(503, `The model does not answer, and ${name} has no fallback rule.`)
    console.error(error)
    return refusal(500, 'The model failed on these rows.')
  }
}

function rowsOf({ model }: Answering, { route, text }: AskedRows): Rows | Reply {
  let body: unknown
  try {
    body = route === 'infer' ? parseTensors(text) : JSON.parse(text)
  } catch {
    return refusal(400, 'The body is not JSON.')
  }
  const asked = route === 'infer' ? tensorRows(body, model.features) : givenRows(body)
  if ('error' in asked) return refusal(400, asked.error)
  const { length } = asked.rows
  if (length > 0 && length <= mostRows) return asked
  return refusal(400, `A request has 1 to ${mostRows} rows, not ${length}.`)
}

function givenRows(body: unknown): Rows | { readonly error: string } {
  const rows = (body as { rows?: unknown } | null)?.rows
  return Array.isArray(rows) ? { rows } : { error: 'The body has no list "rows": {"rows": [{"column": value}]}.' }
}

async function reply(
  { name, version: own, model }: Answering,
  { route, query, id }: AskedRows,
  given: Rows,
  answered: RowAnswers,
): Promise<Reply> {
  const { told, fallback, version = own, arm, rollout } = answered
  const more = { fallback, rows: told.length, version, ...(arm && { arm, rollout: rollout! }) }
  if (route === 'infer')
    return json(200, inferResponse({ name, version, id: given.id ?? id, fallback }, model, told), more)
  const reasoned = /(^|&)reasons=1(&|$)/.test(query) ? await withReasons(answered) : told
  return json(200, { model: name, version, request: id, fallback, predictions: reasoned }, more)
}

async function withReasons({ told, explain }: RowAnswers) {
  const explained = await explain()
  return told.map((one, row) => ({ ...one, ...explained[row] }))
}
