import { useState } from 'react'
import type { Engine, Model } from '#contract'
import { formatBytes, formatCount, formatEstimate, formatInteger, formatNumber } from '#report/format-number'
import { formatShortDate, formatTime } from '#report/format-time'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import type { SaveFile } from '../runs/save-report.ts'
import { shortId } from '../runs/status-signs.ts'
import { useAnswer } from '../runs/use-answer.ts'
import { useRunPulse } from '../runs/use-run-pulse.ts'
import { loadModels, type MadeModel } from './model-list.ts'
import { RegistryBoard } from './RegistryBoard.tsx'
import '../runs/runs.css'
import './models.css'
import { modelsMessages as words } from './models-messages.ts'

export interface ModelsRoomProps {
  readonly engine: Engine
  /** Shows a run in the runs room. */
  onOpenRun?: ((run: string) => void) | undefined
  /** Shows where a model came from. */
  onLineage?: ((of: string) => void) | undefined
  readonly saveFile?: SaveFile | undefined
}

const purposes: Readonly<Record<Model['purpose'], string>> = words.purposes

function Facts({
  made,
  onOpenRun,
  onLineage,
}: Pick<ModelsRoomProps, 'onOpenRun' | 'onLineage'> & { readonly made: MadeModel }) {
  const { model } = made
  const entries: readonly (readonly [string, string])[] = [
    [words.facts.predicts, `${model.target ?? '–'}, ${purposes[model.purpose]}`],
    [words.facts.classes, model.classes?.join(', ') ?? ''],
    [
      words.facts.threshold,
      model.threshold === undefined ? '' : words.thresholdFor(formatNumber(model.threshold, 2), String(model.positive)),
    ],
    [words.facts.from, model.features.map((feature) => feature.name).join(', ')],
    [words.facts.neverFrom, model.protected.join(', ')],
    [
      words.facts.trainedOn,
      words.rowsAndSeed(formatCount(model.training.rows, 'row'), formatInteger(model.training.seed)),
    ],
    [words.facts.engine, `Plumbline ${model.engine}`],
    [words.facts.hash, made.hash],
  ]
  return (
    <aside className="card model-facts" aria-label={words.factsAbout(made.title)}>
      <h2 className="card-title">{made.title}</h2>
      <dl>
        {entries
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {model.metrics.length > 0 && <h2 className="card-title">{words.asTrained}</h2>}
      <dl>
        {model.metrics.map((metric) => (
          <div key={metric.name}>
            <dt>{metric.label}</dt>
            <dd>{formatEstimate(metric)}</dd>
          </div>
        ))}
      </dl>
      <div className="runs-actions">
        {onOpenRun && (
          <button type="button" className="button" onClick={() => onOpenRun(made.run.id)}>
            {words.openRun}
          </button>
        )}
        {onLineage && (
          <button type="button" className="button" onClick={() => onLineage(made.hash)}>
            {words.lineage}
          </button>
        )}
      </div>
    </aside>
  )
}

/** The registry, and below it the models that the newest runs made, each with the facts it carries inside. */
export function ModelsRoom({ engine, onOpenRun, onLineage, saveFile }: ModelsRoomProps) {
  const pulse = useRunPulse(engine)
  const { value, problems } = useAnswer(() => loadModels(engine), [engine, pulse])
  const [open, setOpen] = useState<string>()
  const models = value ?? []
  const shown = models.find((made) => made.hash === open) ?? models[0]
  return (
    <div className="models-room">
      <RegistryBoard engine={engine} onOpenRun={onOpenRun} onLineage={onLineage} saveFile={saveFile} />
      <div className="runs-head">
        <h2>{words.title}</h2>
        <span className="mute" role="status">
          {value ? words.newest(formatCount(models.length, 'model')) : words.reading}
        </span>
      </div>
      <ProblemNote problems={problems} />
      {value && models.length === 0 && <p className="empty">{words.none}</p>}
      {models.length > 0 && (
        <div className="models-body">
          <div className="card models-list">
            <table className="runs-table">
              <thead>
                <tr>
                  <th scope="col">{words.columns.model}</th>
                  <th scope="col">{words.columns.learner}</th>
                  <th scope="col">{words.columns.predicts}</th>
                  <th scope="col">{words.columns.inputs}</th>
                  <th scope="col">{words.columns.size}</th>
                  <th scope="col">{words.columns.run}</th>
                  <th scope="col">{words.columns.made}</th>
                </tr>
              </thead>
              <tbody>
                {models.map((made) => (
                  <tr key={made.hash} className={made === shown ? 'open' : ''} onClick={() => setOpen(made.hash)}>
                    <td className="models-name">
                      <button type="button" className="run-open" aria-pressed={made === shown}>
                        {made.title}
                      </button>
                    </td>
                    <td>{made.model.learner.type}</td>
                    <td>{made.model.target ?? '–'}</td>
                    <td>{formatCount(made.model.features.length, 'column')}</td>
                    <td>{formatBytes(made.model.onnxBytes)}</td>
                    <td>{shortId(made.run.id)}</td>
                    <td className="mute">
                      {formatShortDate(made.run.startedAt)}, {formatTime(made.run.startedAt)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {shown && <Facts made={shown} onOpenRun={onOpenRun} onLineage={onLineage} />}
        </div>
      )}
    </div>
  )
}
