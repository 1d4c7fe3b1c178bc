import { useState } from 'react'
import type { Explanation, JsonValue, StepSummary } from '#contract'
import { goToNode } from '../commands/acts/levels.ts'
import { Modal } from '../shell/Modal.tsx'
import { useAnswer } from '../shell/use-answer.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import { RowTracePanel } from './RowTracePanel.tsx'

const words = wireMessages.people

/** The people that a step explained, each a click away from the row of the file it was read from. */
export function ExplainedPeople({ step }: { step: StepSummary }) {
  const workbench = useWorkbench()
  const [row, setRow] = useState<number | null>(null)
  const artifact = Object.values(step.outputs).find(({ kind }) => kind === 'explanation')
  const answer = useAnswer(artifact?.hash ?? null, () => workbench.engine.value({ hash: artifact!.hash }))
  const explanation = answer.value as (JsonValue & Explanation) | undefined
  if (!explanation || explanation.people.length === 0) return null
  const people = new Map(explanation.people.map((person) => [person.row, person]))
  return (
    <details className="explained-people">
      <summary>{words.title}</summary>
      <ul>
        {[...people.values()].map(({ row: place, id, note, outcome }) => (
          <li key={place}>
            <button type="button" className="link" onClick={() => setRow(place)}>
              {id ?? words.row(place)}
            </button>{' '}
            <span className="mute">{note ?? outcome}</span>
          </li>
        ))}
      </ul>
      {row !== null && (
        <Modal label={wireMessages.trace.label} close={() => setRow(null)}>
          <RowTracePanel
            engine={workbench.engine}
            table={explanation.table}
            row={row}
            goTo={(node) => {
              setRow(null)
              goToNode(workbench, node)
            }}
            close={() => setRow(null)}
          />
        </Modal>
      )}
    </details>
  )
}
