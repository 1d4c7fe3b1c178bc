import { messages } from '../../shell/messages.ts'
import { useAnswer } from '../../shell/use-answer.ts'
import { useDocument, useRuns, useWorkbench } from '../../shell/workbench-context.ts'
import { currentRun } from '../../state/run-store.ts'
import { controlProps, type FieldProps } from './field-props.ts'

/** The name of a figure; those of the newest run are offered. */
export function MetricField(props: FieldProps) {
  const { parameter, value, change, id } = props
  const { engine } = useWorkbench()
  const path = useDocument((state) => state.path)
  const status = useRuns((state) => currentRun(state)?.status)
  const runs = useAnswer(path === null ? null : `${path} ${status}`, () => engine.runs({ file: path ?? '', limit: 5 }))
  const metrics = new Map((runs.value ?? []).flatMap((run) => run.metrics).map((metric) => [metric.name, metric.label]))
  return (
    <>
      <input
        {...controlProps(props)}
        className="field"
        list={`${id}-known`}
        autoComplete="off"
        spellCheck={false}
        placeholder={parameter.placeholder}
        title={messages.form.metricHint}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => change(event.target.value === '' ? undefined : event.target.value)}
      />
      <datalist id={`${id}-known`}>
        {[...metrics].map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </datalist>
    </>
  )
}
