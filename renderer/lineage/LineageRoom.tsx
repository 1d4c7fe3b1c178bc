import { useEffect, useState } from 'react'
import type { Engine, LineageGraph } from '#contract'
import { formatCount } from '#report/format-number'
import { formatShortDate, formatTime } from '#report/format-time'
import { ProblemNote } from '../runs/ProblemNote.tsx'
import { Sign } from '../runs/Sign.tsx'
import { runSigns, shortId } from '../runs/status-signs.ts'
import { useAnswer } from '../runs/use-answer.ts'
import { useRunPulse } from '../runs/use-run-pulse.ts'
import { kindWords } from './kind-words.ts'
import { LineageGraphView } from './LineageGraphView.tsx'
import { LineageList } from './LineageList.tsx'
import '../runs/runs.css'
import './lineage.css'
import { lineageMessages as words } from './lineage-messages.ts'

export interface LineageRoomProps {
  readonly engine: Engine
  /** A run or an artifact to begin with; the newest run when not given. */
  readonly of?: string | undefined
}

/** "1 file, 6 steps, 5 artifacts". */
function countLine(graph: LineageGraph): string {
  const kinds = ['source', 'step', 'artifact'] as const
  return kinds
    .map((kind) => [kind, graph.vertices.filter((vertex) => vertex.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => formatCount(count, kindWords[kind]))
    .join(', ')
}

interface DetailProps {
  readonly graph: LineageGraph
  readonly id: string
  onFollow(of: string): void
}

function VertexDetail({ graph, id, onFollow }: DetailProps) {
  const vertex = graph.vertices.find((other) => other.id === id)
  if (!vertex) return null
  const ports = graph.arrows.filter((arrow) => arrow.from === id || arrow.to === id).map((arrow) => arrow.port)
  return (
    <aside className="card lineage-detail-card" aria-label={words.selected}>
      <h2 className="card-title">{vertex.label}</h2>
      <dl>
        <dt>{words.kind}</dt>
        <dd>{kindWords[vertex.kind]}</dd>
        <dt>{words.detail}</dt>
        <dd>{vertex.detail || '–'}</dd>
        <dt>{words.ports}</dt>
        <dd>{[...new Set(ports)].join(', ') || '–'}</dd>
        <dt>{words.id}</dt>
        <dd className="mono">{vertex.id}</dd>
      </dl>
      {vertex.kind === 'artifact' && (
        <button type="button" className="button small" onClick={() => onFollow(vertex.id.replace(/^artifact:/, ''))}>
          {words.follow}
        </button>
      )}
    </aside>
  )
}

/** Where a run or an artifact came from and what was made of it, as a picture or as a list. */
export function LineageRoom({ engine, of }: LineageRoomProps) {
  const pulse = useRunPulse(engine)
  const [picked, setPicked] = useState<string>()
  const [selected, setSelected] = useState<string>()
  const [asList, setAsList] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins again when asked about another thing
  useEffect(() => {
    setPicked(undefined)
    setSelected(undefined)
  }, [of])
  const runs = useAnswer(() => engine.runs({ limit: 50 }), [engine, pulse])
  const subject = picked ?? (of || runs.value?.[0]?.id)
  const lineage = useAnswer<LineageGraph | undefined>(
    () => (subject ? engine.lineage({ of: subject }) : Promise.resolve(undefined)),
    [engine, subject, pulse],
  )
  const graph = lineage.value
  const pick = (id: string) => {
    setPicked(id)
    setSelected(undefined)
  }
  const known = runs.value?.some((run) => run.id === subject)
  return (
    <div className="lineage-room">
      <div className="lineage-head">
        <h2>{words.title}</h2>
        {runs.value && runs.value.length > 0 && (
          <label>
            <span className="mute">{words.of}</span>
            <select className="field lineage-pick" value={subject} onChange={(event) => pick(event.target.value)}>
              {subject && !known && <option value={subject}>{words.artifact(subject.slice(0, 12))}</option>}
              {runs.value.map((run) => (
                <option key={run.id} value={run.id}>
                  {words.run(
                    shortId(run.id),
                    run.pipeline,
                    `${formatShortDate(run.startedAt)}, ${formatTime(run.startedAt)}`,
                  )}
                </option>
              ))}
            </select>
          </label>
        )}
        {known && <Sign sign={runSigns[runs.value!.find((run) => run.id === subject)!.status]} />}
        <span className="spacer" />
        {graph && (
          <span className="mute" role="status">
            {countLine(graph)}
          </span>
        )}
        <button type="button" className="button" aria-pressed={asList} onClick={() => setAsList(!asList)}>
          {asList ? words.asPicture : words.asList}
        </button>
      </div>
      <ProblemNote problems={[...runs.problems, ...lineage.problems]} />
      {runs.value?.length === 0 && !subject && <p className="empty">{words.none}</p>}
      {graph && (
        <div className="lineage-body">
          <div className="card lineage-frame">
            {asList ? (
              <LineageList graph={graph} selected={selected} onSelect={setSelected} />
            ) : (
              <LineageGraphView graph={graph} selected={selected} onSelect={setSelected} />
            )}
          </div>
          {selected && <VertexDetail graph={graph} id={selected} onFollow={pick} />}
        </div>
      )}
    </div>
  )
}
