import type { RolloutArm } from '#contract'
import { formatPercent } from '#report/format-number'
import { rolloutMessages as words } from './rollout-messages.ts'
import { groupRows, shareText } from './rollout-words.ts'

const size = { width: 300, row: 14 } as const

/** Shares of favourable decisions by protected group: a dot with its limits, a line a version. */
export function GroupIntervals({ arms }: { readonly arms: readonly RolloutArm[] }) {
  const rows = groupRows(arms)
  if (rows.length === 0) return null
  return (
    <section className="rollout-groups" aria-label={words.groups}>
      <h4>{words.groups}</h4>
      <ul>
        {rows.map(({ name, shares }) => (
          <li key={name}>
            <span className="rollout-group-name">{name}</span>
            <svg
              role="img"
              aria-label={shares.map((one) => words.groupRow(name, one.version, shareText(one.favourable))).join('; ')}
              viewBox={`0 0 ${size.width} ${size.row * shares.length}`}
              width={size.width}
              height={size.row * shares.length}
            >
              {shares.map(({ version, role, favourable: { value, low = 0, high = 1 } }, at) => {
                const y = (at + 0.5) * size.row
                return (
                  <g key={version} className={`rollout-interval-${role}`}>
                    <line x1={low * size.width} x2={high * size.width} y1={y} y2={y} />
                    <circle cx={(value ?? 0) * size.width} cy={y} r={3.5} />
                  </g>
                )
              })}
            </svg>
            <span className="rollout-group-shares">
              {shares.map(({ version, favourable }) => `v${version} ${formatPercent(favourable.value)}`).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      <p className="mute">{words.legend}</p>
    </section>
  )
}
