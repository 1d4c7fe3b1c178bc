import { useEffect, useState } from 'react'
import {
  type Engine,
  type Hash,
  type ModelVersion,
  type Problem,
  problemsOf,
  type RegisteredModel,
  type Report,
} from '#contract'
import { formatCount } from '#report/format-number'
import { ReportView } from '../report/ReportView.tsx'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import { type SaveFile, saveReport } from '../runs/save-report.ts'
import { useAnswer } from '../runs/use-answer.ts'
import { useRunPulse } from '../runs/use-run-pulse.ts'
import { EventItems } from './EventItems.tsx'
import { modelsMessages as words } from './models-messages.ts'
import { RolloutCard } from './RolloutCard.tsx'
import { RolloutForm } from './RolloutForm.tsx'
import './rollout.css'
import { VersionCard } from './VersionCard.tsx'
import { boardStages, servingText } from './version-moves.ts'

export interface RegistryBoardProps {
  readonly engine: Engine
  onOpenRun?: ((run: string) => void) | undefined
  onLineage?: ((of: string) => void) | undefined
  readonly saveFile?: SaveFile | undefined
}

const lookEveryMs = 5_000
/** While a rollout is under way. */
const lookOftenMs = 1_500

/** Registered models: versions by stage, what answers where, model cards, and the buttons that move versions. */
export function RegistryBoard(props: RegistryBoardProps) {
  const { engine } = props
  const pulse = useRunPulse(engine)
  const [moves, setMoves] = useState(0)
  const [name, setName] = useState<string>()
  const { value } = useAnswer(() => engine.models(), [engine, pulse, moves])
  const moving = value?.some(({ rollout }) => rollout?.state === 'running') ?? false
  useEffect(() => {
    const timer = setInterval(() => setMoves((count) => count + 1), moving ? lookOftenMs : lookEveryMs)
    return () => clearInterval(timer)
  }, [moving])
  const model = value?.find((one) => one.name === name) ?? value?.[0]
  if (!value || !model) return null
  return (
    <section className="registry" aria-label={words.registry}>
      {value.length > 1 && (
        <nav className="registry-names" aria-label={words.registered}>
          {value.map((one) => (
            <button
              key={one.name}
              type="button"
              className="button small"
              aria-pressed={one === model}
              onClick={() => setName(one.name)}
            >
              {one.name}
            </button>
          ))}
        </nav>
      )}
      <ModelBoard key={model.name} {...props} model={model} onMoved={() => setMoves((count) => count + 1)} />
    </section>
  )
}

function ModelBoard({
  engine,
  model,
  onMoved,
  onOpenRun,
  onLineage,
  saveFile,
}: RegistryBoardProps & { readonly model: RegisteredModel; onMoved(): void }) {
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const [card, setCard] = useState<Hash>()
  const [rolled, setRolled] = useState<number>()
  const carded = model.versions.find((version) => version.card === card)
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblems([])
    try {
      await work()
    } catch (error) {
      setProblems(problemsOf(error))
    }
    setBusy(false)
    onMoved()
  }
  return (
    <>
      <div className="runs-head">
        <h2>{model.name}</h2>
        <span className="mute">{model.description}</span>
        <span className="registry-serving" role="status">
          {servingText(model)}
        </span>
        {model.rollbackTo !== undefined && (
          <button
            type="button"
            className="button danger"
            disabled={busy}
            onClick={() => act(() => engine.rollbackModel({ name: model.name }))}
          >
            {words.rollBack(model.rollbackTo)}
          </button>
        )}
      </div>
      {rolled === undefined && <ProblemNote problems={problems} />}
      <div className="registry-board">
        {boardStages.map(({ stage, title }) => {
          const versions = model.versions.filter((version) => version.stage === stage)
          return (
            <section key={stage} className="registry-stage" aria-label={title}>
              <h3>
                {title} <small className="mute">{formatCount(versions.length, 'version')}</small>
              </h3>
              {versions.map((version) => (
                <VersionCard
                  key={version.version}
                  model={model}
                  version={version}
                  busy={busy}
                  onMove={(to) =>
                    act(() => engine.promoteModel({ name: model.name, version: version.version, stage: to }))
                  }
                  onRollOut={() => setRolled(version.version)}
                  onModelCard={() => setCard(card === version.card ? undefined : version.card)}
                  onOpenRun={onOpenRun}
                  onLineage={onLineage}
                />
              ))}
            </section>
          )
        })}
      </div>
      {rolled !== undefined && (
        <RolloutForm
          key={rolled}
          engine={engine}
          model={model}
          version={rolled}
          busy={busy}
          problems={problems}
          onStart={(order) =>
            act(async () => {
              await engine.startRollout(order)
              setRolled(undefined)
            })
          }
          onClose={() => setRolled(undefined)}
        />
      )}
      {model.rollout && (
        <RolloutCard
          rollout={model.rollout}
          busy={busy}
          onSteer={(action, version) =>
            act(() => engine.steerRollout({ name: model.name, action, ...(version !== undefined && { version }) }))
          }
        />
      )}
      <div className="registry-below">
        {card && carded && (
          <ModelCard
            key={card}
            engine={engine}
            version={carded}
            hash={card}
            saveFile={saveFile}
            onClose={() => setCard(undefined)}
          />
        )}
        <Trail model={model} />
      </div>
    </>
  )
}

interface ModelCardProps {
  readonly engine: Engine
  readonly version: ModelVersion
  readonly hash: Hash
  readonly saveFile: SaveFile | undefined
  onClose(): void
}

function ModelCard({ engine, version, hash, saveFile, onClose }: ModelCardProps) {
  const { value, problems } = useAnswer(async () => (await engine.value({ hash })) as unknown as Report, [engine, hash])
  const [note, setNote] = useState('')
  const [unsaved, setUnsaved] = useState<readonly Problem[]>([])
  const save = async () => {
    try {
      const name = await saveReport(engine, { run: version.run, report: hash }, saveFile)
      setNote(name ? words.savedAs(name) : words.notSaved)
    } catch (error) {
      setUnsaved(problemsOf(error))
    }
  }
  return (
    <section className="card registry-card" aria-label={words.modelCard}>
      <div className="runs-head">
        <h3>{value?.title ?? words.modelCard}</h3>
        <span className="mute" role="status">
          {note}
        </span>
        <button type="button" className="button small" onClick={() => void save()}>
          {words.saveCard}
        </button>
        <button type="button" className="button small" onClick={onClose}>
          {words.close}
        </button>
      </div>
      <ProblemNote problems={[...problems, ...unsaved]} />
      {value && <ReportView blocks={value.blocks} />}
    </section>
  )
}

function Trail({ model }: { readonly model: RegisteredModel }) {
  return (
    <section className="card registry-trail" aria-label={words.trail}>
      <h3>{words.trail}</h3>
      <ol>
        <EventItems events={model.trail.slice(0, 30)} />
      </ol>
    </section>
  )
}
