import { sweepMessages } from '../sweeps/sweep-messages.ts'
import './form.css'
import { useMemo, useState } from 'react'
import type { Column, JsonValue, NodeCard, NodeCheck, Problem } from '#contract'
import { groupOfType } from '#graph/groups/group-ids'
import { wholeId } from '../commands/acts/levels.ts'
import { groupMessages } from '../groups/group-messages.ts'
import { ShareSetting } from '../groups/ShareSetting.tsx'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useChecks, useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { setParameter } from '../state/edits/set-parameter.ts'
import { isSweepable } from '../sweeps/sweep-draft.ts'
import { isShown, type Parameter, parametersOf } from './parameter.ts'
import { ValueField } from './ValueField.tsx'

const noProblems: readonly Problem[] = []

/** The settings of a node, made from its JSON Schema; every change is an undoable edit. */
export function ParameterForm({ node }: { node: string }) {
  const state = useDocument((document) => document.document.nodes[node])
  const card = useCatalogue((catalogue) => catalogue.byType.get(state?.type ?? ''))
  const check = useChecks((checks) => checks.check?.nodes[node])
  const parameters = useMemo(() => (card ? parametersOf(card) : []), [card])
  if (!state || !card) return null
  if (state.version < card.version) return <p className="stale">{messages.inspector.older(state.version)}</p>
  if (parameters.length === 0) return <p className="mute">{nothingToSet(card)}</p>
  const values = { ...card.defaults, ...state.params } as Readonly<Record<string, JsonValue>>
  const shown = parameters.filter((parameter) => isShown(parameter, values))
  const first = shown.filter((parameter) => !parameter.advanced)
  const more = shown.filter((parameter) => parameter.advanced)
  const field = (parameter: Parameter, index: number) => (
    <ParameterField
      key={parameter.name}
      node={node}
      parameter={parameter}
      value={state.params[parameter.name] as JsonValue | undefined}
      check={check}
      isFirst={index === 0}
    />
  )
  const open = more.some((parameter) => problemsAt(check, parameter.name).length > 0)
  return (
    <form className="parameter-form" onSubmit={(event) => event.preventDefault()}>
      {first.map(field)}
      {more.length > 0 && <More open={open}>{more.map((parameter) => field(parameter, 1))}</More>}
    </form>
  )
}

function nothingToSet({ type }: NodeCard): string {
  return groupOfType(type) === undefined ? messages.inspector.noSettings : groupMessages.noneShown
}

function More({ open, children }: { open: boolean; children: React.ReactNode }) {
  const [unfolded, setUnfolded] = useState(false)
  return (
    <details open={open || unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
      <summary>{messages.form.more}</summary>
      {children}
    </details>
  )
}

interface ParameterFieldProps {
  readonly node: string
  readonly parameter: Parameter
  readonly value: JsonValue | undefined
  readonly check: NodeCheck | undefined
  readonly isFirst: boolean
}

function ParameterField({ node, parameter, value, check, isFirst }: ParameterFieldProps) {
  const workbench = useWorkbench()
  const { documents, view } = workbench
  const id = `${node}-${parameter.name}`
  const problems = problemsAt(check, parameter.name)
  const wrong = problems.some((problem) => problem.level !== 'warning')
  const columns = columnsAt(check, parameter.of)
  function change(next: JsonValue | undefined) {
    const same = JSON.stringify(next) === JSON.stringify(parameter.default)
    documents.edit(
      messages.edits.parameter(parameter.title),
      (document) => setParameter(document, node, parameter.name, same ? undefined : next),
      `parameter:${id}`,
    )
  }
  const note = parameter.description !== ''
  const describedBy = note || problems.length > 0 ? `${id}-note` : undefined
  return (
    <div
      className="parameter"
      data-kind={parameter.kind}
      {...(isFirst ? { ref: (element: HTMLDivElement | null) => markFirst(element) } : {})}
    >
      <div className="parameter-head">
        <label htmlFor={id}>{parameter.title}</label>
        {parameter.unit && parameter.kind !== 'number' && <small className="mute">{parameter.unit}</small>}
        {isSweepable(parameter) && (
          <button
            type="button"
            className="parameter-sweep"
            aria-label={sweepMessages.sweepOf(parameter.title)}
            title={sweepMessages.sweepOf(parameter.title)}
            onClick={() => view.set({ overlay: 'sweep', sweepOf: `${wholeId(workbench, node)}.${parameter.name}` })}
          >
            ⋔
          </button>
        )}
        <ShareSetting node={node} name={parameter.name} title={parameter.title} />
        {value !== undefined && (
          <button
            type="button"
            className="parameter-reset"
            aria-label={`${messages.form.reset}: ${parameter.title}`}
            title={messages.form.reset}
            onClick={() => change(undefined)}
          >
            ↺
          </button>
        )}
      </div>
      <ValueField
        parameter={parameter}
        id={id}
        value={value}
        change={change}
        columns={columns}
        describedBy={describedBy}
        wrong={wrong}
      />
      <div id={`${id}-note`}>
        {problems.map((problem) => (
          <FieldProblem key={problem.message} problem={problem} />
        ))}
        {note && <p className="parameter-note">{parameter.description}</p>}
      </div>
    </div>
  )
}

/** The field that "Open settings" goes to. */
function markFirst(element: HTMLDivElement | null) {
  const control = element?.querySelector<HTMLElement>('input, select, textarea, button:not(.parameter-reset)')
  if (control) control.dataset.firstField = ''
}

function FieldProblem({ problem }: { problem: Problem }) {
  const tone = problem.level === 'warning' ? 'stale' : 'bad'
  return (
    <p className={`field-problem ${tone}`}>
      {problem.message}
      {problem.fix && <span className="mute"> {problem.fix}</span>}
    </p>
  )
}

function problemsAt(check: NodeCheck | undefined, name: string): readonly Problem[] {
  return check?.problems.filter(({ path }) => path?.[0] === 'params' && path[1] === name) ?? noProblems
}

function columnsAt(check: NodeCheck | undefined, input: string): readonly Column[] | undefined {
  const schema = check?.inputs[input]
  const all = (Array.isArray(schema) ? schema : [schema]) as readonly ({ columns?: readonly Column[] } | undefined)[]
  return all.find((one) => one?.columns)?.columns
}
