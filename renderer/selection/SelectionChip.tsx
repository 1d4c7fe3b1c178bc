import { chosenRowsCommands } from '../commands/chosen-rows.ts'
import { keysOf } from '../commands/key-map.ts'
import { keyLabel } from '../commands/keys.ts'
import { useRowSelection, useWorkbench } from '../shell/workbench-context.ts'
import { keepSlice } from './keep-slice.ts'
import { predicateWords } from './predicate-words.ts'
import { selectionMessages as words } from './selection-messages.ts'
import type { ShownCounts } from './use-selection-counts.ts'
import './selection.css'

interface SelectionChipProps {
  readonly counts: ShownCounts | null
  /** Beside a table, whose rows can be narrowed to the chosen ones. */
  readonly ofTable?: boolean
}

/** What is chosen, in words, and how many rows that is; with what can be done with them. */
export function SelectionChip({ counts, ofTable = false }: SelectionChipProps) {
  const workbench = useWorkbench()
  const { selection, only } = useRowSelection((state) => state)
  if (!selection) return null
  const sentence = predicateWords(selection.where, selection.columns)
  const [keepKey] = keysOf(chosenRowsCommands[0]!)
  return (
    <fieldset className="selection-chip" aria-label={words.label}>
      <span className="selection-words" title={sentence}>
        {sentence}
      </span>
      <span className="selection-count">{countWords(counts)}</span>
      <span className="visually-hidden" role="status">
        {!counts?.current
          ? ''
          : counts.failed
            ? words.notCounted
            : words.announced(sentence, counts.selected, counts.rows)}
      </span>
      {ofTable && (
        <button
          type="button"
          aria-pressed={only}
          title={words.onlyHow}
          onClick={() => workbench.rowSelection.showOnly(!only)}
        >
          {words.only}
        </button>
      )}
      <button
        type="button"
        title={`${words.keepHow}${keepKey ? ` (${keyLabel(keepKey)})` : ''}`}
        onClick={() => void keepSlice(workbench)}
      >
        {words.keep}
      </button>
      <button
        type="button"
        className="selection-clear"
        aria-label={words.clear}
        title={words.clearHow}
        onClick={workbench.rowSelection.clear}
      >
        ✕
      </button>
    </fieldset>
  )
}

function countWords(counts: ShownCounts | null): string {
  if (!counts?.current) return words.counting
  return counts.failed ? words.notCounted : words.count(counts.selected, counts.rows)
}
