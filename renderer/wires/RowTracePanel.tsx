import './row-trace.css'
import { useEffect, useRef } from 'react'
import type { Engine, Hash, RowTrace, TracedRow } from '#contract'
import { useAnswer } from '../shell/use-answer.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { cellText } from '../table/cell-text.ts'

interface RowTracePanelProps {
  readonly engine: Engine
  readonly table: Hash
  /** In the table, from 0. */
  readonly row: number
  /** Goes to a node of the canvas, where there is one. */
  goTo?: ((node: string) => void) | undefined
  close(): void
}

const words = wireMessages.trace

/** A row's way back to its source, step by step, with what each step did to its cells. */
export function RowTracePanel({ engine, table, row, goTo, close }: RowTracePanelProps) {
  const answer = useAnswer(`${table} ${row}`, () => engine.traceRow({ table, row }))
  const panel = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each row that is asked for takes the focus
  useEffect(() => panel.current?.focus(), [row])
  return (
    <aside
      ref={panel}
      className="row-trace"
      aria-label={words.label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <header>
        <h3>{words.title(row)}</h3>
        <button type="button" className="button small quiet" aria-label={words.close} onClick={close}>
          ×
        </button>
      </header>
      {answer.waiting && <p className="mute">{wireMessages.looking}</p>}
      {answer.problems?.map((problem) => (
        <p key={problem.message} className="bad">
          {problem.message}
        </p>
      ))}
      {answer.value && <Steps steps={answer.value.steps} goTo={goTo} />}
    </aside>
  )
}

function Steps({ steps, goTo }: { steps: RowTrace['steps']; goTo: RowTracePanelProps['goTo'] }) {
  return (
    <ol>
      {steps.map((step) => (
        <li key={`${step.node} ${step.port}`}>
          <Step step={step} goTo={goTo} />
        </li>
      ))}
    </ol>
  )
}

function Step({ step, goTo }: { step: TracedRow; goTo: RowTracePanelProps['goTo'] }) {
  const { title, node, row, rows, match, end, files } = step
  return (
    <>
      <p className="trace-step">
        {goTo ? (
          <button type="button" className="link" aria-label={words.goTo(title)} onClick={() => goTo(node)}>
            {title}
          </button>
        ) : (
          <b>{title}</b>
        )}{' '}
        <span className="mute">{words.place(row, rows)}</span>
      </p>
      <CellChanges step={step} />
      {match && match.among > 1 && <p className="stale small">{words.among(match.among)}</p>}
      {match && <p className="mute small">{wireMessages.known(match.how, match.by)}</p>}
      {end && (
        <p className="mute small">{end === 'source' && files.length > 0 ? words.files(files) : words.ends[end]}</p>
      )}
    </>
  )
}

/** What the step changed; cells as before are counted, and listed when asked for. */
function CellChanges({ step: { cells, removed } }: { step: TracedRow }) {
  const kept = cells.filter(({ change }) => change === 'kept')
  const others = cells.filter(({ change }) => change !== 'kept')
  return (
    <>
      {others.length + removed.length > 0 && (
        <dl className="trace-cells">
          {others.map((cell) => (
            <Cell key={cell.column.name} cell={cell} />
          ))}
          {removed.map(({ column, value }) => (
            <div key={column.name} data-change="removed">
              <dt>{column.name}</dt>
              <dd>
                <s>{shown(value, column)}</s> <small>{words.removed}</small>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {kept.length > 0 && (
        <details>
          <summary>{others.length + removed.length > 0 ? words.kept(kept.length) : words.cells(kept.length)}</summary>
          <dl className="trace-cells">
            {kept.map((cell) => (
              <Cell key={cell.column.name} cell={cell} />
            ))}
          </dl>
        </details>
      )}
    </>
  )
}

function Cell({ cell: { column, value, change, was } }: { cell: TracedRow['cells'][number] }) {
  return (
    <div data-change={change}>
      <dt>{column.name}</dt>
      <dd>
        {change === 'changed' && <s>{shown(was ?? null, column)}</s>}
        {change === 'changed' && ' → '}
        <b>{shown(value, column)}</b> {change === 'added' && <small>{words.added}</small>}
      </dd>
    </div>
  )
}

const longest = 80

function shown(value: TracedRow['cells'][number]['value'], column: TracedRow['cells'][number]['column']): string {
  const text = cellText(value, column) ?? words.missing
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
