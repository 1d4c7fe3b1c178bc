import type { Column, Engine, Hash, Table } from '#contract'
import { useAnswer } from '../shell/use-answer.ts'

const none: readonly Column[] = []

/** The columns of a stored table; none until they are known. */
export function useTableColumns(engine: Engine, table: Hash | null): readonly Column[] {
  const answer = useAnswer(table, () => engine.value({ hash: table! }))
  return (answer.value as unknown as Table | undefined)?.columns ?? none
}
