import { useState } from 'react'
import { type Engine, type Problem, problemsOf, type RunDetail, type Verification } from '#contract'
import { formatCount } from '#report/format-number'
import { ProblemNote } from './ProblemNote.tsx'
import { runsMessages as words } from './runs-messages.ts'
import { type SaveFile, saveReport } from './save-report.ts'
import { reportStep } from './step-times.ts'

interface RunActionsProps {
  readonly engine: Engine
  readonly run: RunDetail
  readonly saveFile: SaveFile | undefined
  onLineage?: ((of: string) => void) | undefined
}

function verificationText(result: Verification): string {
  if (result.ok) return words.verified(formatCount(result.artifacts, 'artifact'))
  return words.found(formatCount(result.findings.length, 'finding'), formatCount(result.artifacts, 'artifact'))
}

/** What one can do with a run: check it, save its report, see where it came from, open it on the canvas. */
export function RunActions({ engine, run, saveFile, onLineage }: RunActionsProps) {
  const [verification, setVerification] = useState<Verification | 'running' | null>(null)
  const [note, setNote] = useState('')
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const attempt = async (work: () => Promise<void>) => {
    setProblems([])
    try {
      await work()
    } catch (error) {
      setVerification(null)
      setProblems(problemsOf(error))
    }
  }
  const verify = () => {
    setVerification('running')
    void attempt(async () => setVerification(await engine.verify({ run: run.id })))
  }
  const save = () =>
    void attempt(async () => {
      const name = await saveReport(engine, { run: run.id }, saveFile)
      setNote(name ? words.savedAs(name) : words.notSaved)
    })
  return (
    <div className="runs-actions">
      {reportStep(run.steps) && (
        <button type="button" className="button primary" onClick={save}>
          {words.saveReport}
        </button>
      )}
      <button type="button" className="button" onClick={verify} disabled={verification === 'running'}>
        {verification === 'running' ? words.verifying : words.verify}
      </button>
      {onLineage && (
        <button type="button" className="button" onClick={() => onLineage(run.id)}>
          {words.lineage}
        </button>
      )}
      <span role="status" className="runs-note">
        {note}
      </span>
      {verification && verification !== 'running' && (
        <div role="status" className="runs-verified">
          <b className={verification.ok ? 'ok' : 'bad'}>{verificationText(verification)}</b>
          <ul>
            {verification.findings.map((finding) => (
              <li key={`${finding.where} ${finding.what}`}>
                {finding.what} <span className="mute">{finding.where}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ProblemNote problems={problems} />
    </div>
  )
}
