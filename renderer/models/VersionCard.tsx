import type { ModelStage, ModelVersion, RegisteredModel } from '#contract'
import { formatEstimate } from '#report/format-number'
import { formatShortDate } from '#report/format-time'
import { shortId } from '../runs/status-signs.ts'
import { modelsMessages as words } from './models-messages.ts'
import { rolloutMessages as rolloutWords } from './rollout-messages.ts'
import { mayRollOut } from './rollout-words.ts'
import { movesOf, reviewerStates } from './version-moves.ts'

export interface VersionCardProps {
  readonly model: RegisteredModel
  readonly version: ModelVersion
  readonly busy: boolean
  onMove(stage: ModelStage): void
  onRollOut(): void
  onModelCard(): void
  onOpenRun?: ((run: string) => void) | undefined
  onLineage?: ((of: string) => void) | undefined
}

const shownFigures = 3
const moveWords: Readonly<Record<ModelStage, string>> = words.moves
const signs = {
  approved: { glyph: '✓', tone: 'ok' },
  rejected: { glyph: '✕', tone: 'bad' },
  missing: { glyph: '◐', tone: 'stale' },
} as const

/** One version on the board: where it comes from, its figures, who approved it, and where it may go. */
export function VersionCard({
  model,
  version,
  busy,
  onMove,
  onRollOut,
  onModelCard,
  onOpenRun,
  onLineage,
}: VersionCardProps) {
  const name = words.version(version.version)
  return (
    <article className="card version-card" aria-label={`${model.name} ${name}`}>
      <div className="version-head">
        <b>v{version.version}</b>
        <span className="mute">{words.versionRun(shortId(version.run), formatShortDate(version.registeredAt))}</span>
        {version.aliases.map((alias) => (
          <span key={alias} className="version-alias">
            @{alias}
          </span>
        ))}
      </div>
      {version.rolledBackAt && <p className="bad">{words.rolledBack(formatShortDate(version.rolledBackAt))}</p>}
      <p className="mute">
        {version.metrics
          .slice(0, shownFigures)
          .map((metric) => `${metric.label} ${formatEstimate(metric)}`)
          .join(' · ')}
      </p>
      {version.tags.length > 0 && <p className="mute">{version.tags.join(', ')}</p>}
      {model.reviewers.length > 0 && (
        <ul className="version-reviewers">
          {reviewerStates(model, version).map(({ role, state, who }) => (
            <li key={role}>
              <span className={signs[state].tone}>{signs[state].glyph}</span> {role}{' '}
              <span className="mute">{state === 'missing' ? words.undecided : words.decided[state](who ?? '')}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="runs-actions">
        {movesOf(version).map((stage) => (
          <button
            key={stage}
            type="button"
            className="button small"
            disabled={busy}
            aria-label={`${moveWords[stage]}: ${name}`}
            onClick={() => onMove(stage)}
          >
            {moveWords[stage]}
          </button>
        ))}
        {mayRollOut(model, version) && (
          <button
            type="button"
            className="button small"
            disabled={busy}
            aria-label={rolloutWords.rollOutOf(name)}
            onClick={onRollOut}
          >
            {rolloutWords.rollOut}
          </button>
        )}
        {version.card && (
          <button type="button" className="button small" aria-label={words.modelCardOf(name)} onClick={onModelCard}>
            {words.modelCard}
          </button>
        )}
        {onOpenRun && (
          <button
            type="button"
            className="button small"
            aria-label={words.runOf(name)}
            onClick={() => onOpenRun(version.run)}
          >
            {words.run}
          </button>
        )}
        {onLineage && (
          <button
            type="button"
            className="button small"
            aria-label={words.lineageOf(name)}
            onClick={() => onLineage(version.model)}
          >
            {words.lineage}
          </button>
        )}
      </div>
    </article>
  )
}
