import { useLayoutEffect, useRef, useState } from 'react'
import {
  type Engine,
  type JsonValue,
  type Problem,
  type RegisteredModel,
  type RolloutStart,
  rolloutStrategies,
  rollsOutSeveral,
} from '#contract'
import { type Parameter, parametersOf } from '../form/parameter.ts'
import { ValueField } from '../form/ValueField.tsx'
import '../form/form.css'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import { useAnswer } from '../runs/use-answer.ts'
import { rolloutMessages as words } from './rollout-messages.ts'
import { settingsShown } from './rollout-words.ts'

export interface RolloutFormProps {
  readonly engine: Engine
  readonly model: RegisteredModel
  readonly version: number
  readonly busy: boolean
  /** Why it could not be started. */
  readonly problems: readonly Problem[]
  onStart(order: RolloutStart): void
  onClose(): void
}

/** How a version is to be rolled out: a strategy and its settings, those that release/deploy has. */
export function RolloutForm({ engine, model, version, busy, problems, onStart, onClose }: RolloutFormProps) {
  const { value: parameters = [], problems: unread } = useAnswer(() => deployParameters(engine), [engine])
  const [strategy, setStrategy] = useState<RolloutStart['strategy']>('canary')
  const [given, setGiven] = useState<Readonly<Record<string, JsonValue>>>({})
  const [others, setOthers] = useState<readonly number[]>([])
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const shown = settingsShown(parameters, strategy, given)
  const several = rollsOutSeveral.has(strategy)
  const title = words.formTitle(version)
  const start = () => {
    const settings = shown.flatMap(({ name }) => (given[name] === undefined ? [] : [[name, given[name]] as const]))
    onStart({
      name: model.name,
      versions: several ? [version, ...others] : [version],
      strategy,
      settings: Object.fromEntries(settings),
    })
  }
  const field = (parameter: Parameter) => (
    <Setting
      key={parameter.name}
      parameter={parameter}
      value={given[parameter.name]}
      onChange={(value) => setGiven(changed(given, parameter.name, value))}
    />
  )
  return (
    <form
      className="card rollout-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      <div className="parameter">
        <div className="parameter-head">
          <label htmlFor="rollout-strategy">{words.strategy}</label>
        </div>
        <select
          id="rollout-strategy"
          className="field"
          aria-describedby="rollout-strategy-note"
          value={strategy}
          onChange={(event) => setStrategy(event.target.value as RolloutStart['strategy'])}
        >
          {rolloutStrategies.map((one) => (
            <option key={one} value={one}>
              {words.strategies[one]}
            </option>
          ))}
        </select>
        <p id="rollout-strategy-note" className="parameter-note">
          {words.strategyNotes[strategy]}
        </p>
      </div>
      {several && <Others model={model} version={version} chosen={others} onChange={setOthers} />}
      <div className="rollout-settings">{shown.filter(({ advanced }) => !advanced).map(field)}</div>
      {shown.some(({ advanced }) => advanced) && (
        <details>
          <summary>{words.more}</summary>
          <div className="rollout-settings">{shown.filter(({ advanced }) => advanced).map(field)}</div>
        </details>
      )}
      <ProblemNote problems={[...unread, ...problems]} />
      <div className="runs-actions">
        <button type="submit" className="button primary" disabled={busy}>
          {words.start}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </form>
  )
}

async function deployParameters(engine: Engine): Promise<readonly Parameter[]> {
  const card = (await engine.catalogue()).find(({ type }) => type === 'release/deploy')
  return card ? parametersOf(card).filter(({ when }) => when?.rollout !== undefined) : []
}

function changed(given: Readonly<Record<string, JsonValue>>, name: string, value: JsonValue | undefined) {
  const { [name]: _old, ...rest } = given
  return value === undefined ? rest : { ...rest, [name]: value }
}

interface SettingProps {
  readonly parameter: Parameter
  readonly value: JsonValue | undefined
  onChange(value: JsonValue | undefined): void
}

function Setting({ parameter, value, onChange }: SettingProps) {
  const { name, title, description, unit, kind } = parameter
  const id = `rollout-${name}`
  return (
    <div className="parameter" data-kind={kind}>
      <div className="parameter-head">
        <label htmlFor={id}>{title}</label>
        {unit && kind !== 'number' && <small className="mute">{unit}</small>}
      </div>
      <ValueField
        parameter={parameter}
        id={id}
        value={value}
        change={onChange}
        columns={undefined}
        describedBy={`${id}-note`}
        wrong={false}
      />
      <p id={`${id}-note`} className="parameter-note">
        {description}
      </p>
    </div>
  )
}

interface OthersProps {
  readonly model: RegisteredModel
  readonly version: number
  readonly chosen: readonly number[]
  onChange(chosen: readonly number[]): void
}

/** Further new versions, for strategies that compare several. */
function Others({ model, version, chosen, onChange }: OthersProps) {
  const offered = model.versions.filter((one) => one.version !== version && one.stage !== 'production')
  if (offered.length === 0) return null
  return (
    <fieldset className="rollout-others">
      <legend>{words.others}</legend>
      {offered.map(({ version: other }) => (
        <label key={other}>
          <input
            type="checkbox"
            checked={chosen.includes(other)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, other] : chosen.filter((one) => one !== other))
            }
          />{' '}
          v{other}
        </label>
      ))}
    </fieldset>
  )
}
