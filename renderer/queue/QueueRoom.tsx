import { useCallback, useEffect, useLayoutEffect, useState } from 'react'
import { type Engine, type Problem, problemsOf, type QueuedCase, type QueueView } from '#contract'
import { formatCount, formatInteger } from '#report/format-number'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import { useAnswer } from '../runs/use-answer.ts'
import { AgreementCard } from './AgreementCard.tsx'
import { CaseCard, moment } from './CaseCard.tsx'
import { CaseList, isOver } from './CaseList.tsx'
import { choiceOfKey, spokenAnswer } from './case-words.ts'
import '../runs/runs.css'
import './queue.css'
import { queueMessages as words } from './queue-messages.ts'

const lookEveryMs = 3_000

/** Cases that wait for a person, worked through by keys: take one, see its row, decide, get the next. */
export function QueueRoom({ engine }: { readonly engine: Engine }) {
  const [looks, setLooks] = useState(0)
  const [model, setModel] = useState<string>()
  const look = useCallback(() => setLooks((count) => count + 1), [])
  const { value: view, problems } = useAnswer(
    () => engine.queue(model === undefined ? {} : { model }),
    [engine, looks, model],
  )
  useEffect(() => {
    const timer = setInterval(look, lookEveryMs)
    return () => clearInterval(timer)
  }, [look])
  return (
    <div className="queue-room">
      <div className="runs-head">
        <h2>{words.title}</h2>
        <span className="mute" role="status">
          {view ? countsText(view) : words.reading}
        </span>
      </div>
      <ProblemNote problems={problems} />
      {view && view.models.length > 1 && <ModelNames names={view.models} chosen={model} onChoose={setModel} />}
      {view && view.cases.length === 0 && <p className="empty">{words.none}</p>}
      {view && view.cases.length > 0 && <Desk engine={engine} view={view} model={model} onChange={look} />}
    </div>
  )
}

function countsText({ counts }: QueueView): string {
  const { queued, taken, pending, overdue, oldestAt } = counts
  const text = words.counts(formatCount(queued + taken, 'case'), formatInteger(pending), formatInteger(overdue))
  return oldestAt === undefined ? text : `${text}, ${words.oldest(moment(oldestAt))}`
}

interface ModelNamesProps {
  readonly names: readonly string[]
  readonly chosen: string | undefined
  onChoose(name: string | undefined): void
}

function ModelNames({ names, chosen, onChoose }: ModelNamesProps) {
  return (
    <nav className="runs-actions" aria-label={words.models}>
      {[undefined, ...names].map((name) => (
        <button
          key={name ?? ''}
          type="button"
          className="button small"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
        >
          {name ?? words.all}
        </button>
      ))}
    </nav>
  )
}

interface DeskProps {
  readonly engine: Engine
  readonly view: QueueView
  readonly model: string | undefined
  onChange(): void
}

function Desk({ engine, view, model, onChange }: DeskProps) {
  const [who, setWho] = useState(view.me)
  const [taken, setTaken] = useState<QueuedCase | null>(null)
  const [decided, setDecided] = useState<QueuedCase>()
  const [skipped, setSkipped] = useState<readonly string[]>([])
  const [note, setNote] = useState('')
  const [said, setSaid] = useState('')
  const [own, setOwn] = useState(0)
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const act = async (work: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    setProblems([])
    try {
      await work()
    } catch (error) {
      setProblems(problemsOf(error))
      setTaken(null)
    }
    setBusy(false)
    onChange()
  }
  const next = async (skip: readonly string[]) => {
    setTaken(await engine.takeCase({ who, skip, ...(model === undefined ? {} : { model }) }))
    setNote('')
  }
  const take = (id?: string) =>
    act(async () => {
      if (id === undefined) return next(skipped)
      if (taken && taken.id !== id) await engine.releaseCase({ id: taken.id, who })
      setTaken(await engine.takeCase({ who, id }))
      setNote('')
    })
  const decide = (decision: string | number) =>
    act(async () => {
      if (!taken) return
      const answer = await engine.decideCase({ id: taken.id, who, decision, note })
      if (answer.state === 'first') {
        setTaken(answer)
        return
      }
      setDecided(answer)
      const left = Math.max(0, view.counts.queued + view.counts.taken + view.counts.pending - 1)
      await next(skipped)
      setSaid(words.done(spokenAnswer(decision), words.left(formatCount(left, 'case'))))
      setOwn(own + 1)
    })
  const skip = () =>
    act(async () => {
      if (!taken || taken.first !== undefined) return
      await engine.releaseCase({ id: taken.id, who })
      const passed = [...skipped, taken.id]
      setSkipped(passed)
      await next(passed)
    })
  useCaseKeys({ taken, take, decide, skip })
  return (
    <>
      <div className="queue-head">
        <label>
          {words.you}
          <input className="field" value={who} onChange={(event) => setWho(event.target.value)} />
        </label>
        {!taken && (
          <button type="button" className="button primary" disabled={busy} onClick={() => void take()}>
            {words.takeNext} <kbd>{words.takeKey}</kbd>
          </button>
        )}
        <span role="status">{said}</span>
        {own > 0 && <span className="mute">{words.yours(formatCount(own, 'case'))}</span>}
      </div>
      <ProblemNote problems={problems} />
      <div className="queue-body">
        <CaseList cases={withDecided(view, decided)} taken={taken?.id} who={who} onTake={(id) => void take(id)} />
        {taken ? (
          <CaseCard
            one={freshest(taken, view)}
            note={note}
            busy={busy}
            onNote={setNote}
            onDecide={(decision) => void decide(decision)}
            onSkip={() => void skip()}
          />
        ) : (
          <p className="card queue-case mute">{words.nothingTaken}</p>
        )}
        <div>
          <AgreementCard figures={view.figures} />
          <ExportLabels engine={engine} model={model} view={view} />
        </div>
      </div>
    </>
  )
}

/** Reasons come a moment after the case. */
const freshest = (taken: QueuedCase, { cases }: QueueView): QueuedCase => {
  const now = cases.find(({ id, state }) => id === taken.id && state === taken.state)
  return now ?? taken
}

/** What was just decided waits for nobody, also before the list is read again. */
const withDecided = ({ cases }: QueueView, decided: QueuedCase | undefined): readonly QueuedCase[] =>
  cases.map((one) => (one.id === decided?.id && !isOver(one) ? decided : one))

interface CaseKeys {
  readonly taken: QueuedCase | null
  take(): void
  decide(decision: string): void
  skip(): void
}

const writing: ReadonlySet<string> = new Set(['INPUT', 'TEXTAREA', 'SELECT'])

/** Letters are the room's, unless somebody writes. */
function useCaseKeys({ taken, take, decide, skip }: CaseKeys): void {
  useLayoutEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('[role="dialog"]')) return
      const target = event.target as HTMLElement
      const writes = target.isContentEditable || writing.has(target.tagName)
      if (writes) {
        if (event.key === 'Escape') target.blur()
        return
      }
      const { key } = event
      const choice = choiceOfKey(key, taken?.choices)
      if (taken && choice !== undefined) decide(choice)
      else if (taken && key.toLowerCase() === 's') skip()
      else if (taken && key.toLowerCase() === 'n') document.querySelector<HTMLElement>('[data-queue-note]')?.focus()
      else if (/^Arrow(Up|Down)$/.test(key) && !target.closest('[data-queue-list]'))
        document.querySelector<HTMLElement>('[data-queue-list] button:not(:disabled)')?.focus()
      else if (!taken && key === 'Enter' && !target.matches('button, a')) take()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  })
}

function ExportLabels({ engine, model, view }: Pick<DeskProps, 'engine' | 'model' | 'view'>) {
  const [said, setSaid] = useState('')
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const name = model ?? (view.models.length === 1 ? view.models[0] : undefined)
  const save = async () => {
    setProblems([])
    try {
      const { path, rows } = await engine.exportCases(name === undefined ? {} : { model: name })
      setSaid(words.exported(formatCount(rows, 'case'), path))
    } catch (error) {
      setProblems(problemsOf(error))
    }
  }
  return (
    <div className="queue-export">
      <button type="button" className="button" onClick={() => void save()}>
        {words.exportLabels}
      </button>{' '}
      <span className="mute" role="status">
        {said}
      </span>
      <ProblemNote problems={problems} />
    </div>
  )
}
