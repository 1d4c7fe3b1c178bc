import { useId, useState } from 'react'
import type { Assertion, Column, PortType } from '#contract'
import { tableFigures } from '#graph/assertions/table-figures'
import { wireMessages } from '../shell/wire-messages.ts'

interface AssertionFormProps {
  readonly type: PortType
  readonly columns: readonly Column[] | undefined
  readonly metrics: ReadonlyMap<string, string>
  readonly initial?: Assertion
  save(assertion: Assertion): void
  cancel(): void
}

/** One assertion as a sentence with blanks: figure, column, direction, limit. */
export function AssertionForm({ type, columns, metrics, initial, save, cancel }: AssertionFormProps) {
  const id = useId()
  const isTable = type === 'table'
  const [metric, setMetric] = useState(initial?.metric ?? (isTable ? 'rows' : ([...metrics.keys()][0] ?? '')))
  const [column, setColumn] = useState(initial?.column ?? '')
  const [operator, setOperator] = useState<Assertion['operator']>(initial?.operator ?? '>=')
  const [limit, setLimit] = useState(initial ? String(initial.limit) : '')
  const [tried, setTried] = useState(false)
  const types = isTable ? tableFigures[metric]?.of : undefined
  const number = Number(limit.replace(',', '.').replace('−', '-'))
  const isNumber = limit.trim() !== '' && Number.isFinite(number)
  const ready = isNumber && metric !== '' && (!types || column !== '')
  function submit(event: React.FormEvent) {
    event.preventDefault()
    setTried(true)
    if (ready) save({ metric, ...(types ? { column } : {}), operator, limit: number })
  }
  return (
    <form
      className="assertion-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        cancel()
      }}
    >
      {isTable ? (
        <select
          className="field"
          aria-label={wireMessages.figure}
          // biome-ignore lint/a11y/noAutofocus: the form was asked for just now
          autoFocus
          value={metric}
          onChange={(event) => setMetric(event.target.value)}
        >
          {Object.keys(tableFigures).map((name) => (
            <option key={name} value={name}>
              {wireMessages.figures[name] ?? name}
            </option>
          ))}
        </select>
      ) : (
        <>
          <input
            className="field"
            aria-label={wireMessages.figure}
            // biome-ignore lint/a11y/noAutofocus: the form was asked for just now
            autoFocus
            list={`${id}-metrics`}
            spellCheck={false}
            autoComplete="off"
            placeholder="roc_auc"
            value={metric}
            onChange={(event) => setMetric(event.target.value.trim())}
          />
          <datalist id={`${id}-metrics`}>
            {[...metrics].map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </datalist>
        </>
      )}
      {types && (
        <select
          className="field"
          aria-label={wireMessages.column}
          aria-invalid={(tried && column === '') || undefined}
          value={column}
          onChange={(event) => setColumn(event.target.value)}
        >
          <option value="">{wireMessages.chooseColumn}</option>
          {(columns ?? (column ? [{ name: column, type: 'number' as const }] : []))
            .filter((one) => types.includes(one.type))
            .map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      )}
      <div className="assertion-limit">
        <select
          className="field"
          aria-label={wireMessages.direction}
          value={operator}
          onChange={(event) => setOperator(event.target.value as Assertion['operator'])}
        >
          <option value=">=">{wireMessages.atLeast}</option>
          <option value="<=">{wireMessages.atMost}</option>
        </select>
        <input
          className="field"
          aria-label={wireMessages.limit}
          aria-invalid={(tried && !isNumber) || undefined}
          inputMode="decimal"
          autoComplete="off"
          value={limit}
          onChange={(event) => setLimit(event.target.value)}
        />
      </div>
      {tried && !isNumber && <p className="bad small">{wireMessages.needsNumber}</p>}
      <div className="assertion-buttons">
        <button type="submit" className="button small primary">
          {initial ? wireMessages.done : wireMessages.save}
        </button>
        <button type="button" className="button small quiet" onClick={cancel}>
          {wireMessages.cancel}
        </button>
      </div>
    </form>
  )
}
