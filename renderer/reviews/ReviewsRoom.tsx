import { type DragEvent, useEffect, useId, useState } from 'react'
import type { Engine, RunDetail } from '#contract'
import { formatCount } from '#report/format-number'
import { formatShortDate, formatTime } from '#report/format-time'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import { ReviewList } from '../runs/ReviewList.tsx'
import { Sign } from '../runs/Sign.tsx'
import { type SaveFile, saveReport } from '../runs/save-report.ts'
import { runSigns, shortId, verdictWords } from '../runs/status-signs.ts'
import { useAnswer } from '../runs/use-answer.ts'
import { useRunPulse } from '../runs/use-run-pulse.ts'
import { type ImportAnswer, importReviewFile } from './read-review.ts'
import { loadQueue } from './report-queue.ts'
import '../runs/runs.css'
import './reviews.css'
import { reviewsMessages as words } from './reviews-messages.ts'

export interface ReviewsRoomProps {
  readonly engine: Engine
  readonly saveFile?: SaveFile | undefined
  /** Shows a run in the runs room. */
  onOpenRun?: ((run: string) => void) | undefined
}

/** A review dropped beside this room's own place is imported by the window: look again soon after. */
function onWindowDrop(look: () => void): () => void {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const dropped = () => {
    for (const ms of [400, 1_500]) timers.add(setTimeout(look, ms))
  }
  window.addEventListener('drop', dropped)
  return () => {
    window.removeEventListener('drop', dropped)
    for (const timer of timers) clearTimeout(timer)
  }
}

interface DropZoneProps {
  onFiles(files: readonly File[]): void
}

function DropZone({ onFiles }: DropZoneProps) {
  const id = useId()
  const [over, setOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    window.dispatchEvent(new DragEvent('dragleave'))
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <label
      htmlFor={id}
      className={`review-drop${over ? ' over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <b>{words.drop}</b>
      <span className="mute">{words.choose}</span>
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept=".json,application/json"
        multiple
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </label>
  )
}

function WaitingRun({ run, engine, saveFile, onOpenRun }: ReviewsRoomProps & { readonly run: RunDetail }) {
  const [note, setNote] = useState('')
  const save = async () => {
    try {
      const name = await saveReport(engine, { run: run.id }, saveFile)
      setNote(name ? words.savedAs(name) : words.notSaved)
    } catch (error) {
      setNote(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <li className="review-run">
      <div>
        <b>{run.pipeline}</b> <span className="mute">{words.run(shortId(run.id))}</span>
        <small className="mute">
          {' '}
          · {formatShortDate(run.startedAt)}, {formatTime(run.startedAt)}
        </small>
        <div>
          {run.verdict ? <Sign sign={verdictWords[run.verdict]} /> : <Sign sign={runSigns[run.status]} />}{' '}
          <span className="mute" role="status">
            {note}
          </span>
        </div>
      </div>
      <span className="spacer" />
      {onOpenRun && (
        <button type="button" className="button" onClick={() => onOpenRun(run.id)}>
          {words.openRun}
        </button>
      )}
      <button type="button" className="button primary" onClick={() => void save()}>
        {words.saveReport}
      </button>
    </li>
  )
}

/** Reports that wait for a person, the reviews that came back, and the place to drop the next. */
export function ReviewsRoom({ engine, saveFile, onOpenRun }: ReviewsRoomProps) {
  const pulse = useRunPulse(engine)
  const [imports, setImports] = useState(0)
  const [answers, setAnswers] = useState<readonly ImportAnswer[]>([])
  useEffect(() => onWindowDrop(() => setImports((count) => count + 1)), [])
  const queue = useAnswer(() => loadQueue(engine), [engine, pulse, imports])
  const take = async (files: readonly File[]) => {
    const all: ImportAnswer[] = []
    for (const file of files) all.push(await importReviewFile(engine, file))
    setAnswers(all)
    setImports((count) => count + 1)
  }
  const { waiting = [], reviewed = [] } = queue.value ?? {}
  return (
    <div className="reviews-room">
      <div className="runs-head">
        <h2>{words.title}</h2>
        <span className="mute" role="status">
          {queue.value ? words.without(formatCount(waiting.length, 'report')) : words.reading}
        </span>
      </div>
      <ProblemNote problems={queue.problems} />
      <DropZone onFiles={(files) => void take(files)} />
      <div aria-live="polite" className="review-answers">
        {answers.map((answer) => (
          <div key={answer.file} className={`review-answer ${answer.sentence ? 'ok' : 'bad'}`}>
            {answer.sentence && <p>✓ {answer.sentence}</p>}
            {answer.problems.length > 0 && <p className="mute">{answer.file}</p>}
            <ProblemNote problems={answer.problems} />
          </div>
        ))}
      </div>
      <section className="card reviews-card" aria-label={words.waitingLabel}>
        <h2 className="card-title">{words.waiting}</h2>
        {queue.value && waiting.length === 0 && <p className="mute">{words.noneWaits}</p>}
        <ul>
          {waiting.map((run) => (
            <WaitingRun key={run.id} run={run} engine={engine} saveFile={saveFile} onOpenRun={onOpenRun} />
          ))}
        </ul>
      </section>
      {reviewed.length > 0 && (
        <section className="card reviews-card" aria-label={words.cameBack}>
          <h2 className="card-title">{words.cameBack}</h2>
          {reviewed.map(({ run, reviews }) => (
            <div key={run.id} className="review-group">
              <p>
                <b>{run.pipeline}</b> <span className="mute">{words.run(shortId(run.id))}</span>
              </p>
              <ReviewList reviews={reviews} />
            </div>
          ))}
        </section>
      )}
    </div>
  )
}
