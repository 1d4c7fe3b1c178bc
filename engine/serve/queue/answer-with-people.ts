import type { CaseReasons } from '#contract'
import type { Prediction } from '../answer.ts'
import type { AnsweredRequest, RowAnswers, ToldRow } from '../answering.ts'
import { ModelAway } from '../model-runner.ts'
import type { Explained } from '../reasons.ts'
import { type Feed, takeFeed } from '../row-check.ts'
import type { Answered, Serving } from '../serving.ts'
import type { Automate } from './automate.ts'
import type { CaseDesk } from './case-desk.ts'
import { caseReasons } from './case-reasons.ts'
import { openCases } from './open-cases.ts'

/** What a version leaves to people, and where it puts their cases. */
export interface People {
  readonly automate: Automate
  readonly desk: CaseDesk
}

/** Answers rows where some, or all, are for people to decide. */
export async function answerWithPeople(
  serving: Serving,
  { automate, desk }: People,
  {
    rows,
    feed,
    request,
  }: { readonly rows: readonly unknown[]; readonly feed: Feed; readonly request: AnsweredRequest },
): Promise<RowAnswers> {
  const answered = await predictUnlessAway(serving, automate, feed)
  const { predictions, fallback } = answered ?? { predictions: unknown(feed.rows), fallback: false }
  const drafts = automate.drafts({
    feed,
    said: answered?.predictions,
    fallback,
    request: request.id,
    explain: (row) => explainRow(serving, takeFeed(serving.model.features, feed, row), predictions[row]!),
  })
  const isTold = drafts.map((draft) => !draft || draft.sight === 'before')
  // The Open Inference Protocol has no cases: nothing is opened, and the request is refused.
  const waiting =
    request.route === 'infer'
      ? drafts.map((draft) => draft && forPeople)
      : await openCases(desk, request.id, rows, drafts)
  return {
    predictions,
    told: predictions.map((one, row): ToldRow => waiting[row] ?? { ...one, state: 'automatic' }),
    fallback,
    async explain() {
      const explained = await (answered && !fallback ? serving.explain(feed, predictions) : undefined)
      return predictions.map((_, row): Explained => {
        if (!isTold[row]) return { reasonsNotAvailable: 'A person decides this row first.' }
        return explained?.[row] ?? { reasonsNotAvailable: 'The fallback rule answered.' }
      })
    },
  }
}

const forPeople: ToldRow = { decision: null, score: null, state: 'queued' }
const unknown = (rows: number): readonly Prediction[] =>
  Array.from({ length: rows }, () => ({ decision: '', score: null }))

/** Undefined while the model is away and people decide without it. */
async function predictUnlessAway(serving: Serving, automate: Automate, feed: Feed): Promise<Answered | undefined> {
  try {
    return await serving.predict(feed)
  } catch (error) {
    if (error instanceof ModelAway && automate.withoutModel) return undefined
    throw error
  }
}

async function explainRow(serving: Serving, feed: Feed, said: Prediction): Promise<CaseReasons> {
  const [explained] = await serving.explain(feed, [said])
  return caseReasons(explained!)
}

/** Cases of this version whose reasons were not there when the server before was killed. */
export async function giveMissingReasons(serving: Serving, desk: CaseDesk): Promise<void> {
  for (const { id, row } of desk.withoutReasons(serving.name, serving.version)) {
    const { feed } = serving.read([row])
    if (!feed) continue
    const { predictions, fallback } = await serving.predict(feed)
    if (!fallback) desk.addReasons([{ id, reasons: await explainRow(serving, feed, predictions[0]!) }])
  }
}
