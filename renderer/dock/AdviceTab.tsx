import type { LintFinding } from '#contract'
import { applyEdits } from '#graph/apply-edits'
import { goToNode } from '../commands/acts/levels.ts'
import { messages } from '../shell/messages.ts'
import { useChecks, useWorkbench } from '../shell/workbench-context.ts'

/** Likely mistakes in machine learning, each with its reason and a cure of one click. */
export function AdviceTab() {
  const findings = useChecks((state) => state.check?.lint)
  if (!findings || findings.length === 0) return <p className="empty">{messages.dock.noAdvice}</p>
  return (
    <ul className="advice">
      {findings.map((finding) => (
        <Advice key={`${finding.rule} ${finding.node} ${finding.message}`} finding={finding} />
      ))}
    </ul>
  )
}

function Advice({ finding: { node, message, why, cure } }: { finding: LintFinding }) {
  const workbench = useWorkbench()
  function apply() {
    workbench.file.edit(cure.label, (document) => applyEdits(document, cure.edits))
    if (cure.note) workbench.notices.say(`${cure.label}. ${cure.note}`, { topic: 'cure' })
  }
  return (
    <li>
      <span className="advice-sign" aria-hidden="true">
        ▲
      </span>
      <div>
        <button type="button" className="advice-message" onClick={() => goToNode(workbench, node)}>
          {message}
        </button>
        <p className="mute">{why}</p>
        {cure.note && <p className="mute">{cure.note}</p>}
      </div>
      {cure.edits.length > 0 && (
        <button type="button" className="button small" onClick={apply}>
          {cure.label}
        </button>
      )}
    </li>
  )
}
