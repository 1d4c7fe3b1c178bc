import type { PipelineEdge } from '#contract'
import { wireMessages } from '../shell/wire-messages.ts'
import { useChecks, useRuns } from '../shell/workbench-context.ts'
import { assertionText } from './assertion-text.ts'
import { wireVerdict } from './wire-verdict.ts'

const signs = { pass: '✓', fail: '✕', unknown: '' } as const

/** Whether what is asserted of a wire holds: green, red, or empty while nobody knows. */
export function WireMark({ wire, at }: { wire: PipelineEdge; at: string }) {
  const check = useChecks((state) => state.check)
  const verdict = useRuns((state) => wireVerdict(wire, check, state)) ?? 'unknown'
  const said = `${wireMessages.wireVerdicts[verdict]}: ${(wire.assertions ?? []).map(assertionText).join(', ')}`
  return (
    <g className="wire-mark" data-verdict={verdict} transform={`translate(${at})`}>
      <title>{said}</title>
      <circle r="8" />
      <text y="3.5">{signs[verdict]}</text>
    </g>
  )
}
