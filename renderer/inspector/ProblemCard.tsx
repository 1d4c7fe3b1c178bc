import { useState } from 'react'
import type { Cure, Problem } from '#contract'
import { applyEdits } from '#graph/apply-edits'
import { groupsAround } from '#graph/groups/group-ids'
import { goToNode } from '../commands/acts/levels.ts'
import { startRun } from '../commands/acts/start-run.ts'
import { groupMessages } from '../groups/group-messages.ts'
import { formatNumber } from '../shell/format.ts'
import { problemMessages } from '../shell/problem-messages.ts'
import { useDocument, useLevel, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { wireId } from '../state/edits/connect.ts'
import { currentRun, isRunning } from '../state/run-store.ts'
import { useCures } from './use-cures.ts'

const mostCures = 3
/** What may pass by itself, so that running again is a cure. */
const passing = new Set<Problem['code']>(['worker-died', 'out-of-memory', 'cancelled', 'internal', 'artifact-damaged'])

/** One problem: cause, cure in words, columns and rows, cures to click; code and trace are folded away. */
export function ProblemCard({ node, problem }: { node: string; problem: Problem }) {
  const warning = problem.level === 'warning'
  const depth = useLevel((state) => state.path.length)
  const inside = problem.node !== undefined && groupsAround(problem.node).length > depth
  return (
    <article className="problem" data-tone={warning ? 'stale' : 'bad'}>
      <h3>
        <span aria-hidden="true">{warning ? '▲' : '✕'}</span> {problem.message}
      </h3>
      {problem.fix && <p>{problem.fix}</p>}
      {problem.code === 'internal' && !problem.fix && <p>{problemMessages.internal}</p>}
      <Concerned node={node} problem={problem} />
      {inside ? <GoInside to={problem.node!} /> : <Cures node={node} problem={problem} />}
      <Details node={node} problem={problem} />
    </article>
  )
}

/** A problem of a node in this group is cured where the node is. */
function GoInside({ to }: { to: string }) {
  const workbench = useWorkbench()
  return (
    <div className="problem-cures">
      <button type="button" className="button small primary" onClick={() => goToNode(workbench, to)}>
        {groupMessages.goTo}
      </button>
    </div>
  )
}

/** The columns and rows it is about; rows can be looked at where they came in. */
function Concerned({ node, problem }: { node: string; problem: Problem }) {
  const { view } = useWorkbench()
  const wires = useDocument((state) => state.document.edges)
  const { columns = [], rows = [], path } = problem
  const wire = path?.[0] === 'inputs' ? wires.find(({ to }) => to === `${node}.${path[1]}`) : undefined
  if (columns.length + rows.length === 0) return null
  return (
    <dl className="facts">
      {columns.length > 0 && (
        <div>
          <dt>{columns.length > 1 ? problemMessages.columns : problemMessages.column}</dt>
          <dd>
            <b>{columns.join(', ')}</b>
          </dd>
        </div>
      )}
      {rows.length > 0 && (
        <div>
          <dt>{rows.length > 1 ? problemMessages.rows : problemMessages.row}</dt>
          <dd>
            {rows.map((row) => formatNumber(row + 1)).join(', ')}{' '}
            {wire && (
              <button
                type="button"
                className="link"
                onClick={() => {
                  view.select([wireId(wire)])
                  view.set({ dockOpen: true, dockTab: 'data' })
                }}
              >
                {problemMessages.showRows}
              </button>
            )}
          </dd>
        </div>
      )}
    </dl>
  )
}

function Cures({ node, problem }: { node: string; problem: Problem }) {
  const workbench = useWorkbench()
  const { documents, view } = workbench
  const cures = useCures(node, problem)
  const running = useRuns(isRunning)
  const wires = useDocument((state) => state.document.edges)
  const [applied, setApplied] = useState<string | null>(null)
  const { path } = problem
  const asserted = path?.[2] === 'assertions' ? wires.find(({ to }) => to === `${node}.${path[1]}`) : undefined
  function apply(cure: Cure) {
    documents.edit(cure.label, (document) => applyEdits(document, cure.edits))
    setApplied(cure.label)
  }
  const again = applied !== null || passing.has(problem.code)
  return (
    <div className="problem-cures">
      {applied !== null && (
        <p className="problem-applied" role="status">
          <span aria-hidden="true">✓</span> {problemMessages.applied(applied)}
        </p>
      )}
      {applied === null &&
        cures.slice(0, mostCures).map((cure, index) => (
          <button
            key={JSON.stringify(cure.edits)}
            type="button"
            className={`button small ${index === 0 ? 'primary' : ''}`}
            onClick={() => apply(cure)}
          >
            {cure.label}
          </button>
        ))}
      {again && (
        <button
          type="button"
          className={`button small ${applied !== null ? 'primary' : ''}`}
          disabled={running}
          onClick={() => void startRun(workbench, { targets: [node], useCache: problem.code !== 'artifact-damaged' })}
        >
          {problemMessages.runAgain}
        </button>
      )}
      {path?.[0] === 'params' && (
        <button type="button" className="button small" onClick={() => view.set({ inspectorTab: 'settings' })}>
          {problemMessages.openSettings}
        </button>
      )}
      {asserted && (
        <button type="button" className="button small" onClick={() => view.select([wireId(asserted)])}>
          {problemMessages.toWire}
        </button>
      )}
    </div>
  )
}

const shownLines = 8

function Details({ node, problem }: { node: string; problem: Problem }) {
  const logs = useRuns((state) => currentRun(state)?.logs)
  const lines = (logs ?? []).filter((line) => line.node === node).slice(-shownLines)
  return (
    <details className="problem-details">
      <summary>{problemMessages.details}</summary>
      <dl className="facts">
        <div>
          <dt>{problemMessages.code}</dt>
          <dd>{problem.code}</dd>
        </div>
        <div>
          <dt>{problemMessages.node}</dt>
          <dd>{problem.node ?? node}</dd>
        </div>
        {problem.path && problem.path.length > 0 && (
          <div>
            <dt>{problemMessages.where}</dt>
            <dd>{problem.path.join(' › ')}</dd>
          </div>
        )}
      </dl>
      {lines.length > 0 && (
        <>
          <p className="mute small">{problemMessages.log}</p>
          <pre>{lines.map(({ message }) => message).join('\n')}</pre>
        </>
      )}
      {problem.trace && (
        <>
          <p className="mute small">{problemMessages.trace}</p>
          <pre>{problem.trace}</pre>
        </>
      )}
    </details>
  )
}
