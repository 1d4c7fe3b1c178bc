import { cellValue } from '#compute/cell-value'
import type { CaseReasons, Frame, Hash } from '#contract'
import { takeRows } from '#ml/frame'
import { hashBytes } from '#store/hashing'
import { addCases, addReasons, type CaseQueue, type NewCase } from '#store/queue/open-queue'
import type { CaseDraft } from '../queue/automate.ts'
import { caseReasons } from '../queue/case-reasons.ts'
import { frameFeed } from '../row-check.ts'
import type { BatchModel } from './batch-model.ts'
import { type ScoredRows, scoreRows } from './score-group.ts'

/** Cases that are entered in one transaction: a server that waits to write its own should not wait long. */
const enteredTogether = 500

/** Rows of a part that are for people. A part has the same name, and its rows draw alike, whenever it is scored. */
export function batchDrafts(
  { automate, model }: BatchModel,
  rows: Frame,
  { predictions }: ScoredRows,
  part: string,
): readonly (CaseDraft | undefined)[] | undefined {
  return automate?.drafts({
    feed: frameFeed(model.features, rows),
    said: predictions,
    fallback: false,
    request: part,
    explain: async () => ({ notAvailable: '' }),
  })
}

/** The id of a row's case: a batch that goes on, or is run again, opens none twice. */
export function caseId(part: string, row: number): string {
  const hash: Hash = hashBytes(`${part}/${row}`)
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-')
}

export interface BatchCases {
  readonly queue: CaseQueue
  readonly scorer: BatchModel
  /** All columns that go along or are looked at. */
  readonly rows: Frame
  readonly drafts: readonly (CaseDraft | undefined)[]
  readonly part: string
  betweenCalls(): void
}

/** Opens the cases of a part, with the reasons for whoever decides. */
export async function openBatchCases({ queue, scorer, rows, drafts, part, betweenCalls }: BatchCases): Promise<void> {
  const waiting = drafts.flatMap((draft, row) => (draft ? [{ draft, row }] : []))
  for (let from = 0; from < waiting.length; from += enteredTogether) {
    betweenCalls()
    const some = waiting.slice(from, from + enteredTogether)
    addCases(
      queue,
      some.map(({ draft, row }) => newCase(draft, rows, row, part)),
    )
    const seen = some.filter(({ draft }) => draft.sight !== 'never')
    addReasons(queue, await reasonsOf(scorer, rows, seen, part, betweenCalls))
  }
}

function newCase({ explain: _, ...draft }: CaseDraft, { columns }: Frame, row: number, part: string): NewCase {
  const cells = columns.map((column) => [column.name, cellValue(column, row)] as const)
  return { ...draft, id: caseId(part, row), request: part, place: row, row: Object.fromEntries(cells) }
}

async function reasonsOf(
  scorer: BatchModel,
  rows: Frame,
  seen: readonly { readonly row: number }[],
  part: string,
  betweenCalls: () => void,
): Promise<readonly { readonly id: string; readonly reasons: CaseReasons }[]> {
  const places = Uint32Array.from(seen, ({ row }) => row)
  const { explained } = await scoreRows(scorer, takeRows(rows, places), true, betweenCalls)
  return seen.map(({ row }, at) => ({ id: caseId(part, row), reasons: caseReasons(explained![at]!) }))
}
