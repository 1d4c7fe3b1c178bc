import { useMemo, useState } from 'react'
import { type JsonValue, type Problem, problemsOf, type SweepStrategy } from '#contract'
import { resolveSetting } from '#graph/groups/expand-groups'
import { judgedOnTest } from '#graph/judged-on-test'
import { useAnswer } from '../shell/use-answer.ts'
import { useCatalogue, useFile, useWorkbench } from '../shell/workbench-context.ts'
import { BudgetFields } from './BudgetFields.tsx'
import {
  type DraftRow,
  emptyDraft,
  firstValues,
  knownFigures,
  planOf,
  type SweepDraft,
  type SweptChoice,
  showsLog,
  sweptChoices,
} from './sweep-draft.ts'
import { sweepMessages } from './sweep-messages.ts'
import { useExpanded } from './use-expanded.ts'

interface SweepPlanFormProps {
  /** The setting whose row asked for the sweep. */
  readonly first: string | null
  readonly started: (id: string) => void
}

const strategies: readonly SweepStrategy[] = ['grid', 'random', 'halving']

export function SweepPlanForm({ first, started }: SweepPlanFormProps) {
  const { engine } = useWorkbench()
  const expanded = useExpanded()
  const { document } = expanded
  const whole = useFile((state) => state.document)
  const file = useFile((state) => state.path)
  const cards = useCatalogue((state) => state.byType)
  const choices = useMemo(() => sweptChoices(document, cards), [document, cards])
  const rowOf = (setting: string): DraftRow => {
    const choice = choices.find((one) => one.setting === setting)
    return { setting, log: false, text: choice ? firstValues(choice.parameter, valueNow(choice)) : '' }
  }
  const valueNow = ({ setting, parameter }: SweptChoice): JsonValue | undefined => {
    const node = document.nodes[setting.slice(0, setting.lastIndexOf('.'))]
    return (node?.params[parameter.name] as JsonValue | undefined) ?? parameter.default
  }
  const [draft, setDraft] = useState<SweepDraft>(() => ({
    ...emptyDraft,
    rows: first === null ? [] : [rowOf(resolveSetting(expanded, first))],
  }))
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const change = (part: Partial<SweepDraft>) => setDraft((old) => ({ ...old, ...part }))
  const changeRow = (at: number, part: Partial<DraftRow>) =>
    change({ rows: draft.rows.map((row, n) => (n === at ? { ...row, ...part } : row)) })
  const wanted = planOf(draft)
  const onTest = judgedOnTest(document, draft.metric.split('.')[0]!, [...cards.values()])
  const warned = onTest !== undefined && !draft.rows.some(({ setting }) => setting === onTest)
  const left = choices.filter(({ setting }) => !draft.rows.some((row) => row.setting === setting))
  async function start() {
    if (!('plan' in wanted)) return
    try {
      const { id } = await engine.startSweep({ document: whole, plan: wanted.plan, ...(file === null ? {} : { file }) })
      started(id)
    } catch (error) {
      setProblems(problemsOf(error))
    }
  }
  return (
    <form
      className="sweep-plan"
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <fieldset>
        <legend>{sweepMessages.parameters}</legend>
        {draft.rows.map((row, at) => (
          <SweptRow
            key={row.setting}
            row={row}
            choice={choices.find(({ setting }) => setting === row.setting)}
            change={(part) => changeRow(at, part)}
            remove={() => change({ rows: draft.rows.filter((_, n) => n !== at) })}
          />
        ))}
        <ChoiceSelect
          choices={left}
          label={sweepMessages.add}
          value=""
          choose={(setting) => change({ rows: [...draft.rows, rowOf(setting)] })}
        />
        <p className="mute small">{sweepMessages.valuesHint}</p>
      </fieldset>
      <div className="sweep-fields">
        <FigureField file={file} value={draft.metric} change={(metric) => change({ metric })} />
        <label>
          <span>{sweepMessages.strategy}</span>
          <select
            className="field"
            value={draft.strategy}
            onChange={(event) => change({ strategy: event.target.value as SweepStrategy })}
          >
            {strategies.map((strategy) => (
              <option key={strategy} value={strategy}>
                {sweepMessages.strategies[strategy]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{sweepMessages.trialsOf[draft.strategy]}</span>
          <input
            className="field"
            inputMode="numeric"
            placeholder={sweepMessages.trialsUnlessTold[draft.strategy]}
            value={draft.trials}
            onChange={(event) => change({ trials: event.target.value })}
          />
        </label>
      </div>
      {draft.strategy === 'halving' && (
        <BudgetFields choices={left} budget={draft.budget} change={(budget) => change({ budget })} />
      )}
      {warned && (
        <p className="sweep-warning">
          <span>{sweepMessages.onTest}</span>
          <button
            type="button"
            className="button small"
            onClick={() => change({ rows: [...draft.rows, { setting: onTest, text: 'validation', log: false }] })}
          >
            {sweepMessages.judgeByValidation}
          </button>
        </p>
      )}
      {problems.map((problem) => (
        <p key={problem.message} className="field-problem bad" role="alert">
          {problem.message} {problem.fix && <span className="mute">{problem.fix}</span>}
        </p>
      ))}
      <div className="sheet-foot">
        <p className="mute small">{'missing' in wanted ? wanted.missing : sweepMessages.promise}</p>
        <button type="submit" className="button primary" disabled={'missing' in wanted}>
          {sweepMessages.start}
        </button>
      </div>
    </form>
  )
}

interface SweptRowProps {
  readonly row: DraftRow
  readonly choice: SweptChoice | undefined
  readonly change: (part: Partial<DraftRow>) => void
  readonly remove: () => void
}

function SweptRow({ row, choice, change, remove }: SweptRowProps) {
  const title = choice?.parameter.title ?? row.setting
  return (
    <div className="sweep-row">
      <span className="sweep-name">
        <strong>{title}</strong> <span className="mute">{choice?.node}</span>
      </span>
      <input
        className="field"
        aria-label={sweepMessages.valuesOf(title)}
        placeholder={sweepMessages.valuesPlaceholder}
        spellCheck={false}
        autoComplete="off"
        value={row.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <label className="sweep-log" data-off={!showsLog(row) || undefined}>
        <input
          type="checkbox"
          disabled={!showsLog(row)}
          checked={row.log && showsLog(row)}
          onChange={(event) => change({ log: event.target.checked })}
        />
        {sweepMessages.log}
      </label>
      <button type="button" className="button quiet small" aria-label={sweepMessages.remove(title)} onClick={remove}>
        ×
      </button>
    </div>
  )
}

interface ChoiceSelectProps {
  readonly choices: readonly SweptChoice[]
  readonly label: string
  readonly value: string
  readonly choose: (setting: string) => void
}

/** A parameter of the document, by node. */
export function ChoiceSelect({ choices, label, value, choose }: ChoiceSelectProps) {
  const nodes = [...new Set(choices.map(({ node }) => node))]
  return (
    <select
      className="field sweep-add"
      aria-label={label}
      value={value}
      onChange={(event) => event.target.value !== '' && choose(event.target.value)}
    >
      <option value="">{label}…</option>
      {nodes.map((node) => (
        <optgroup key={node} label={node}>
          {choices
            .filter((choice) => choice.node === node)
            .map(({ setting, parameter }) => (
              <option key={setting} value={setting}>
                {parameter.title}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  )
}

/** Figures of the newest runs are offered; others can be typed. */
function FigureField({
  file,
  value,
  change,
}: {
  file: string | null
  value: string
  change: (metric: string) => void
}) {
  const { engine } = useWorkbench()
  const { document } = useExpanded()
  const runs = useAnswer(file, () => engine.runs({ file: file ?? '', limit: 5 }))
  const figures = knownFigures(runs.value ?? [], document)
  return (
    <label>
      <span>{sweepMessages.metric}</span>
      <input
        className="field"
        list="sweep-figures"
        autoComplete="off"
        spellCheck={false}
        placeholder={sweepMessages.metricPlaceholder}
        value={value}
        onChange={(event) => change(event.target.value)}
      />
      <datalist id="sweep-figures">
        {figures.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </datalist>
    </label>
  )
}
