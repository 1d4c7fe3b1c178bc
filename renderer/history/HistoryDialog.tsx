import { historyMessages } from './history-messages.ts'
import './history.css'
import '../runs/runs.css'
import { type ReactNode, useState } from 'react'
import type { PipelineDocument } from '#contract'
import { newestRunOf } from '#graph/versions/newest-run'
import { RunComparisonCard } from '../runs/RunComparisonCard.tsx'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useFile, useWorkbench } from '../shell/workbench-context.ts'
import { DifferenceView } from './DifferenceView.tsx'
import { type KnownState, newestEdit, statesOfFile } from './states-of-file.ts'

/** Every state of the open pipeline that is known, and what has changed since. */
export function HistoryDialog() {
  const { engine, view } = useWorkbench()
  const path = useFile((state) => state.path) ?? ''
  const past = useFile((state) => state.past)
  const [chosen, choose] = useState<string | null>(() =>
    view.getState().historyOf === null ? null : newestEdit(past.length),
  )
  const [asked, askAgain] = useState(0)
  const { value } = useAnswer(`${path} ${asked}`, async () => {
    const [history, runs, files] = await Promise.all([
      engine.history({ path }),
      engine.runs({ file: path, limit: 20 }),
      engine.pipelines(),
    ])
    return { named: history.states, runs, files }
  })
  const states = value ? statesOfFile({ engine, path, past, ...value }) : []
  const state = states.find(({ id }) => id === chosen) ?? states[0]
  const close = () => view.set({ overlay: null })
  return (
    <Modal label={historyMessages.title} close={close} wide>
      <div className="file-history">
        <div className="file-history-head">
          <h2>{historyMessages.title}</h2>
          <p className="mute">{historyMessages.intro}</p>
        </div>
        <StateList states={states} chosen={state?.id ?? null} choose={choose}>
          {value?.named.length === 0 && <p className="mute small">{historyMessages.none}</p>}
        </StateList>
        <section className="history-difference" aria-live="polite">
          {state && (
            <Comparison
              key={state.id}
              state={state}
              forgotten={() => {
                choose(null)
                askAgain(asked + 1)
              }}
            />
          )}
        </section>
      </div>
    </Modal>
  )
}

interface StateListProps {
  readonly states: readonly KnownState[]
  readonly chosen: string | null
  readonly choose: (id: string) => void
  readonly children: ReactNode
}

function StateList({ states, chosen, choose, children }: StateListProps) {
  return (
    <nav className="history-states" aria-label={historyMessages.list}>
      {states.map((state, at) => (
        <div key={state.id}>
          {state.group !== states[at - 1]?.group && <h3>{state.group}</h3>}
          <button
            type="button"
            aria-pressed={state.id === chosen}
            // biome-ignore lint/a11y/noAutofocus: the dialog was just opened to choose
            autoFocus={state.id === chosen}
            onClick={() => choose(state.id)}
            onKeyDown={moveFocus}
          >
            <span>{state.name}</span>
            <small className="mute">{state.note}</small>
          </button>
        </div>
      ))}
      {children}
    </nav>
  )
}

/** Up and down move between states, as in any list. */
function moveFocus(event: React.KeyboardEvent<HTMLButtonElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const all = [...(event.currentTarget.closest('nav')?.querySelectorAll('button') ?? [])]
  all[all.indexOf(event.currentTarget) + step]?.focus()
}

function Comparison({ state, forgotten }: { state: KnownState; forgotten: () => void }) {
  const { file, engine, notices, view } = useWorkbench()
  const now = useFile((open) => open.document)
  const path = useFile((open) => open.path) ?? ''
  const { value: then, problems } = useAnswer(state.id, () => state.document())
  if (problems) return <p className="bad">{problems[0]?.message}</p>
  if (!then) return <p className="mute">{messages.loading}</p>
  function goBack(document: PipelineDocument) {
    file.edit(messages.edits.restoreState(state.name), () => document)
    view.set({ overlay: null, comparison: null })
    notices.say(historyMessages.wentBack(state.name), { topic: 'history' })
  }
  async function forget(id: string) {
    await engine.forgetState({ path, id }).catch(notices.complain)
    forgotten()
  }
  return (
    <>
      <div className="history-acts">
        <h3>{historyMessages.since(state.name)}</h3>
        <span className="spacer" />
        {state.named !== undefined && (
          <button type="button" className="button small" onClick={() => forget(state.named ?? '')}>
            {historyMessages.forget}
          </button>
        )}
        <button
          type="button"
          className="button small"
          onClick={() => view.set({ overlay: null, room: 'build', comparison: { name: state.name, document: then } })}
        >
          {historyMessages.showOnCanvas}
        </button>
        <button type="button" className="button small primary" onClick={() => goBack(then)}>
          {historyMessages.goBack}
        </button>
      </div>
      <DifferenceView before={then} after={now} />
      <Figures before={then} after={now} />
    </>
  )
}

/** What the change did to figures, slices and fairness: the newest runs of both versions beside each other. */
function Figures({ before, after }: { before: PipelineDocument; after: PipelineDocument }) {
  const { engine } = useWorkbench()
  const { value } = useAnswer('', () => Promise.all([newestRunOf(engine, before), newestRunOf(engine, after)]))
  if (!value) return null
  const [a, b] = value
  if (a === undefined || b === undefined) return <p className="mute small">{historyMessages.noRuns}</p>
  if (a === b) return null
  return (
    <>
      <h3>{historyMessages.figures}</h3>
      <RunComparisonCard engine={engine} a={a} b={b} />
    </>
  )
}
