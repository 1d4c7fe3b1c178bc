import type { Problem } from '#contract'
import { formatNumber } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'

/** What is wrong with a node: what, where and the cure. */
export function ProblemTab({ node, problems }: { node: string; problems: readonly Problem[] }) {
  const { view } = useWorkbench()
  const aboutSettings = problems.some((problem) => problem.path?.[0] === 'params')
  return (
    <div className="problems">
      {problems.map((problem) => (
        <ProblemCard key={problem.code + problem.message} problem={problem} />
      ))}
      {aboutSettings && (
        <button
          type="button"
          className="button"
          data-node={node}
          onClick={() => view.set({ inspectorTab: 'settings' })}
        >
          {messages.inspector.openSettings}
        </button>
      )}
    </div>
  )
}

function ProblemCard({ problem }: { problem: Problem }) {
  const warning = problem.level === 'warning'
  return (
    <article className="problem" data-tone={warning ? 'stale' : 'bad'}>
      <h3>
        <span aria-hidden="true">{warning ? '▲' : '✕'}</span> {problem.message}
      </h3>
      {problem.fix && <p>{problem.fix}</p>}
      <dl className="facts">
        {problem.columns && (
          <div>
            <dt>{problem.columns.length > 1 ? messages.inspector.columns : messages.inspector.column}</dt>
            <dd>
              <b>{problem.columns.join(', ')}</b>
            </dd>
          </div>
        )}
        {problem.rows && problem.rows.length > 0 && (
          <div>
            <dt>{messages.inspector.rows}</dt>
            <dd>{problem.rows.map((row) => formatNumber(row)).join(', ')}</dd>
          </div>
        )}
        {problem.path && problem.path.length > 0 && (
          <div>
            <dt>{messages.inspector.where}</dt>
            <dd>{problem.path.join(' › ')}</dd>
          </div>
        )}
        <div>
          <dt>{messages.inspector.code}</dt>
          <dd>{problem.code}</dd>
        </div>
      </dl>
    </article>
  )
}
