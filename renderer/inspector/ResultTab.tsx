import { useState } from 'react'
import { finishStep } from '../commands/acts/start-run.ts'
import { formatBytes, formatDuration } from '../shell/format.ts'
import { Later, ReportView } from '../shell/later-rooms.tsx'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useRuns, useWorkbench } from '../shell/workbench-context.ts'
import type { NodeFace } from '../state/node-face.ts'
import { currentRun } from '../state/run-store.ts'
import { ExplainedPeople } from '../wires/ExplainedPeople.tsx'

/** The result view of a node's newest step. */
export function ResultTab({ face }: { face: NodeFace }) {
  const { engine } = useWorkbench()
  const step = face.step
  const [large, setLarge] = useState(false)
  const has = step && (step.status === 'done' || step.status === 'cached')
  const answer = useAnswer(has ? `${step.run} ${step.node} ${step.key ?? ''}` : null, () =>
    engine.report({ run: step?.run ?? '', node: step?.node ?? '' }),
  )
  if (step?.status === 'running') return <LiveResult node={step.node} />
  if (!has) return <p className="mute">{messages.inspector.noResult}</p>
  return (
    <div className="result">
      {face.state === 'stale' && <StaleNote why={face.why} />}
      {answer.problems?.map((problem) => (
        <p key={problem.message} className="bad">
          {problem.message} <span className="mute">{problem.fix}</span>
        </p>
      ))}
      {answer.waiting && !answer.value && <p className="mute">{messages.loading}</p>}
      {answer.value && (
        <Later>
          <button type="button" className="button small result-enlarge" onClick={() => setLarge(true)}>
            {messages.inspector.enlarge}
          </button>
          <ReportView blocks={answer.value} />
          {large && (
            <Modal label={messages.inspector.tabs.result} close={() => setLarge(false)} wide>
              <div className="result-large">
                <ReportView blocks={answer.value} />
              </div>
            </Modal>
          )}
        </Later>
      )}
      <ExplainedPeople step={step} />
      {step.ms !== undefined && (
        <p className="mute small">
          {step.peakBytes === undefined
            ? messages.inspector.tookOnly(formatDuration(step.ms))
            : messages.inspector.used(formatDuration(step.ms), formatBytes(step.peakBytes))}
        </p>
      )}
    </div>
  )
}

/** What a step shows of itself while it works, with a way to end it early. */
function LiveResult({ node }: { node: string }) {
  const workbench = useWorkbench()
  const blocks = useRuns((state) => currentRun(state)?.live[node])
  if (!blocks) return <p className="mute">{messages.inspector.noResult}</p>
  return (
    <div className="result" aria-live="off">
      <Later>
        <button type="button" className="button small" onClick={() => void finishStep(workbench, node)}>
          {messages.commands.finishNode}
        </button>
        <ReportView blocks={blocks} />
      </Later>
    </div>
  )
}

function StaleNote({ why }: { why: readonly string[] }) {
  return (
    <div className="stale-note">
      <b>{messages.inspector.staleResult}</b>
      {why.length > 0 && (
        <ul>
          {why.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
