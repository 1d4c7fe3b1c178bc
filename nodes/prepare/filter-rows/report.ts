import type { CardFact, ReportBlock, RunContext, Table } from '#contract'
import { formatCount, formatInteger, formatPercent } from '#report/format-number'
import { type FilterParams, namedOnly, rowTests } from './conditions.ts'
import type { RowTest } from './row-test.ts'

/** "**120** of 1 000 rows · 12 %". */
export function filterCard(before: Table, kept: Table): CardFact {
  const share = before.rows === 0 ? '' : ` · ${formatPercent(kept.rows / before.rows)}`
  return {
    text: `**${formatInteger(kept.rows)}** of ${formatCount(before.rows, 'row')}${share}`,
    ...(kept.rows === 0 && before.rows > 0 && { tone: 'stale' as const }),
    picture: { type: 'rows', values: [kept.rows, before.rows - kept.rows] },
  }
}

interface Filtered {
  readonly before: Table
  readonly kept: Table
  readonly params: FilterParams
  readonly context: RunContext
}

/** How many rows each test would keep by itself. */
async function alone({ before, context }: Filtered, tests: readonly RowTest[]): Promise<readonly number[]> {
  const frame = await context.tables.read(before, [...new Set(tests.flatMap(({ columns }) => columns))])
  return tests.map((test) =>
    test.rows({ ...namedOnly(frame, test), rows: before.rows }).reduce((sum, holds) => sum + holds, 0),
  )
}

/** Rows kept and left out, and what each condition keeps by itself. */
export async function filterReport(filtered: Filtered): Promise<ReportBlock[]> {
  const { before, kept, params } = filtered
  const left = before.rows - kept.rows
  const tests = rowTests(params, before.columns)
  const counts = await alone(filtered, tests)
  return [
    { block: 'heading', text: 'Rows kept', note: `of ${formatCount(before.rows, 'row')}` },
    { block: 'metric', label: 'Kept', estimate: { value: kept.rows }, format: 'integer' },
    { block: 'metric', label: 'Others', estimate: { value: left }, format: 'integer' },
    ...(counts.length === 0
      ? [{ block: 'text' as const, text: 'There is no condition, so every row is kept.' }]
      : [
          {
            block: 'table' as const,
            title: params.match === 'all' ? 'All must hold' : 'Any is enough',
            columns: ['Condition', 'Rows for which it holds'],
            rows: tests.map(({ words }, at) => [words, counts[at]!]),
          },
        ]),
  ]
}
