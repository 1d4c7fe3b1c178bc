import { useId, useState } from 'react'
import type { Assertion, Column, JudgedAssertion, PipelineEdge, PortType } from '#contract'
import { applyEdits } from '#graph/apply-edits'
import { wireMessages } from '../shell/wire-messages.ts'
import { useChecks, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { AssertionForm } from './AssertionForm.tsx'
import { assertionText, foundText } from './assertion-text.ts'
import { judgedAssertions } from './wire-verdict.ts'

interface AssertionListProps {
  readonly wire: PipelineEdge
  readonly type: PortType
  /** Known before any run. */
  readonly columns: readonly Column[] | undefined
  /** Names of figures that are known, with their labels. */
  readonly metrics: ReadonlyMap<string, string>
}

/** What is asserted of a wire, with what was found; each can be changed and taken away, undoably. */
export function AssertionList({ wire, type, columns, metrics }: AssertionListProps) {
  const { documents } = useWorkbench()
  const check = useChecks((state) => state.check)
  const runs = useRuns((state) => state)
  const [editing, setEditing] = useState<number | 'new' | null>(null)
  const heading = useId()
  const assertions = wire.assertions ?? []
  const judged = judgedAssertions(wire, check, runs)
  function change(next: readonly Assertion[]) {
    documents.edit(wireMessages.edits.assert, (document) =>
      applyEdits(document, [{ do: 'assert', from: wire.from, to: wire.to, assertions: next }]),
    )
    setEditing(null)
  }
  const form = (index: number, initial?: Assertion) => (
    <AssertionForm
      type={type}
      columns={columns}
      metrics={metrics}
      {...(initial ? { initial } : {})}
      cancel={() => setEditing(null)}
      save={(assertion) => change(assertions.toSpliced(index, 1, assertion))}
    />
  )
  return (
    <section className="wire-part" aria-labelledby={heading}>
      <h3 id={heading}>{wireMessages.assertions}</h3>
      <p className="mute small">{wireMessages.assertionsHow}</p>
      <ul className="assertions">
        {assertions.map((assertion, index) => (
          <li key={assertionText(assertion)}>
            {editing === index ? (
              form(index, assertion)
            ) : (
              <AssertionLine
                assertion={assertion}
                judged={judged[index]}
                edit={() => setEditing(index)}
                remove={() => change(assertions.toSpliced(index, 1))}
              />
            )}
          </li>
        ))}
        {editing === 'new' && <li>{form(assertions.length)}</li>}
      </ul>
      {editing === null && (
        <button type="button" className="button small" onClick={() => setEditing('new')}>
          + {wireMessages.add}
        </button>
      )}
    </section>
  )
}

const signs = { pass: '✓', fail: '✕', unknown: '○' } as const

interface AssertionLineProps {
  readonly assertion: Assertion
  readonly judged: JudgedAssertion | undefined
  edit(): void
  remove(): void
}

function AssertionLine({ assertion, judged, edit, remove }: AssertionLineProps) {
  const verdict = judged?.verdict ?? 'unknown'
  const text = assertionText(assertion)
  return (
    <div className="assertion" data-verdict={verdict}>
      <span className="assertion-sign" role="img" aria-label={wireMessages.verdicts[verdict]}>
        {signs[verdict]}
      </span>
      <button type="button" className="assertion-text" title={wireMessages.edit} onClick={edit}>
        {text}
      </button>
      <b className="assertion-found">{judged ? foundText(judged) : ''}</b>
      <button type="button" className="assertion-remove" aria-label={wireMessages.remove(text)} onClick={remove}>
        ×
      </button>
      {judged?.verdict === 'fail' && <p className="bad small">{judged.reason}</p>}
    </div>
  )
}
