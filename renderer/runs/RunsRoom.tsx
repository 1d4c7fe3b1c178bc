import { useState } from 'react'
import type { Engine, RunDetail } from '#contract'
import { formatCount } from '#report/format-number'
import { ProblemNote } from './ProblemNote.tsx'
import { RunCards } from './RunCards.tsx'
import { RunComparisonCard } from './RunComparisonCard.tsx'
import { RunTable } from './RunTable.tsx'
import './runs.css'
import { runsMessages as words } from './runs-messages.ts'
import type { SaveFile } from './save-report.ts'
import { useAnswer } from './use-answer.ts'
import { useRunPulse } from './use-run-pulse.ts'

export interface RunsRoomProps {
  readonly engine: Engine
  /** Runs of this pipeline file; of the whole project when not given. */
  readonly file?: string | undefined
  /** The run that is open; the newest when null. Without it the room keeps track itself. */
  readonly run?: string | null | undefined
  /** Told when the user opens another run, where `run` is given. */
  onOpenRun?: ((run: string) => void) | undefined
  /** Shows where a run came from. */
  onLineage?: ((of: string) => void) | undefined
  readonly saveFile?: SaveFile | undefined
}

const listedRuns = 200

/** Picks a run for comparison: the first is A, the second B; a third takes B's place. */
export function pickRun(picked: readonly string[], run: string): readonly string[] {
  if (picked.includes(run)) return picked.filter((other) => other !== run)
  return [...picked.slice(0, 1), run]
}

/** All runs in a table; two to compare, or one to open. */
export function RunsRoom({ engine, file, run: given, onOpenRun, onLineage, saveFile }: RunsRoomProps) {
  const pulse = useRunPulse(engine)
  const [own, setOwn] = useState<string>()
  const open = given === undefined ? own : (given ?? undefined)
  const setOpen = given === undefined ? setOwn : (id: string) => onOpenRun?.(id)
  const [picked, setPicked] = useState<readonly string[]>([])
  const [wide, setWide] = useState(file === undefined)
  const scope = wide ? undefined : file
  const list = useAnswer(
    () => engine.runs({ limit: listedRuns, ...(scope ? { file: scope } : {}) }),
    [engine, scope, pulse],
  )
  const runs = list.value ?? []
  const shown = open ?? runs[0]?.id
  const detail = useAnswer<RunDetail | undefined>(
    () => (shown ? engine.runDetail({ run: shown }) : Promise.resolve(undefined)),
    [engine, shown, pulse],
  )
  const [a, b] = picked
  return (
    <div className="runs-room">
      <div className="runs-head">
        <h2>{words.title}</h2>
        <span className="mute" role="status">
          {list.value ? formatCount(runs.length, 'run') : words.reading}
          {picked.length === 1 ? words.pickSecond : ''}
        </span>
        <span className="spacer" />
        {file !== undefined && (
          <button type="button" className="chip" aria-pressed={!wide} onClick={() => setWide(!wide)}>
            {wide ? words.allPipelines : words.thisPipeline}
          </button>
        )}
      </div>
      <ProblemNote problems={list.problems} />
      {list.value && runs.length === 0 && <p className="empty">{words.none}</p>}
      {runs.length > 0 && (
        <div className="card runs-list">
          <RunTable
            runs={runs}
            open={shown}
            picked={picked}
            onOpen={setOpen}
            onPick={(run) => setPicked(pickRun(picked, run))}
          />
        </div>
      )}
      {a && b ? (
        <RunComparisonCard engine={engine} a={a} b={b} onClose={() => setPicked([])} />
      ) : (
        <>
          <ProblemNote problems={detail.problems} />
          {detail.value && detail.value.id === shown && (
            <RunCards
              key={detail.value.id}
              engine={engine}
              run={detail.value}
              saveFile={saveFile}
              onLineage={onLineage}
            />
          )}
        </>
      )}
    </div>
  )
}
