import type { Engine } from '#contract'
import { comparisonGroups } from './comparison-rows.ts'
import { ProblemNote } from './ProblemNote.tsx'
import { runsMessages as words } from './runs-messages.ts'
import { shortId } from './status-signs.ts'
import { useAnswer } from './use-answer.ts'

interface RunComparisonCardProps {
  readonly engine: Engine
  readonly a: string
  readonly b: string
  /** Absent where the comparison is a part of another. */
  onClose?(): void
}

/** Two runs side by side: settings, data, figures, results. */
export function RunComparisonCard({ engine, a, b, onClose }: RunComparisonCardProps) {
  const { value, problems, loading } = useAnswer(() => engine.compareRuns({ a, b }), [engine, a, b])
  const groups = value ? comparisonGroups(value) : []
  return (
    <section className="card runs-card" aria-label={words.comparison.label}>
      <header>
        <h2 className="card-title">{words.comparison.title}</h2>
        <span className="spacer" />
        {onClose && (
          <button type="button" className="button small" onClick={onClose}>
            {words.comparison.end}
          </button>
        )}
      </header>
      <ProblemNote problems={problems} />
      {!value && loading && <p className="mute">{words.comparison.comparing}</p>}
      {value && groups.length === 0 && <p className="mute">{words.comparison.same}</p>}
      {groups.length > 0 && (
        <div className="runs-scroll">
          <table className="runs-compare">
            <thead>
              <tr>
                <td />
                <th scope="col">
                  <span className="run-tag a">A</span> {shortId(a)}
                </th>
                <th scope="col">
                  <span className="run-tag b">B</span> {shortId(b)}
                </th>
                <th scope="col">{words.comparison.difference}</th>
              </tr>
            </thead>
            {groups.map((group) => (
              <tbody key={group.title}>
                <tr className="group">
                  <th scope="rowgroup" colSpan={4}>
                    {group.title} <small className="mute">{group.note}</small>
                  </th>
                </tr>
                {group.rows.map((row) => (
                  <tr key={row.key}>
                    <th scope="row">{row.name}</th>
                    <td>{row.a}</td>
                    <td>{row.differs && !row.change ? <mark>{row.b}</mark> : row.b}</td>
                    <td className={row.tone ?? 'mute'}>
                      {row.strong ? (
                        <b>{row.change}</b>
                      ) : (
                        (row.change ?? (row.differs ? '' : words.comparison.sameValue))
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </section>
  )
}
