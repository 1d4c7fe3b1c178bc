import type { Estimate } from '#contract'
import { estimateDigits, formatEstimate, formatNumber } from '#report/format-number'
import { linearScale } from '#report/scale'

interface MetricCellProps {
  readonly estimate: Estimate | undefined
  readonly extent: readonly [number, number]
}

const width = 110

/** A figure with its interval on the scale of all runs. */
export function MetricCell({ estimate, extent }: MetricCellProps) {
  if (!estimate || estimate.value === null) return <span className="mute">–</span>
  const x = linearScale(extent, [5, width - 5])
  const { value, low, high } = estimate
  return (
    <span className="metric-cell" title={formatEstimate(estimate)}>
      <b>{formatNumber(value, Math.max(estimateDigits(estimate), 2))}</b>
      <svg width={width} height="16" aria-hidden="true">
        <path d={`M2 8H${width - 2}`} className="metric-track" />
        {low !== undefined && high !== undefined && <path d={`M${x(low)} 8H${x(high)}`} className="metric-whisker" />}
        <circle cx={x(value)} cy="8" r="3.5" className="metric-dot" />
      </svg>
    </span>
  )
}
