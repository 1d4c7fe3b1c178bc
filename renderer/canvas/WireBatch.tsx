import { memo } from 'react'
import type { PipelineEdge, PortType } from '#contract'
import { useWireMark } from '../history/use-mark.ts'
import { WireMark } from '../wires/WireMark.tsx'
import { keyOfWires, useDetail } from './use-detail.ts'
import { useNodeFace } from './use-node-face.ts'
import { type Places, samePlaces, type WireLine } from './wire-lines.ts'
import { wireMiddle, wirePath } from './wire-path.ts'

interface WireBatchProps {
  readonly lines: readonly WireLine[]
  readonly places: Places
  readonly selected: ReadonlySet<string>
  /** There are so many that from afar they are drawn with less. */
  readonly many: boolean
  /** The canvas shows what changed, wire by wire. */
  readonly compared: boolean
}

/** Some of the wires; drawn anew only when one of their own ends moved, so that a drag does not touch the others. */
export const WireBatch = memo(function WireBatch({ lines, places, selected, many, compared }: WireBatchProps) {
  const detail = useDetail(keyOfWires(lines[0]!.id))
  const plain = many && detail !== 'full'
  const bundled = many && detail === 'speck' && !compared
  return (
    <>
      {bundled && <WireBundles lines={lines} places={places} />}
      {(bundled ? lines.filter(({ id }) => selected.has(id)) : lines).map((line) => {
        const ends = wireEnds(line, places)
        if (!ends) return null
        const { id, target, type, label, asserted } = line
        return (
          <Wire
            key={id}
            id={id}
            target={target}
            label={label}
            type={type}
            selected={selected.has(id)}
            plain={plain}
            path={wirePath(...ends)}
            {...(asserted && !plain ? { asserted, middle: wireMiddle(...ends).join() } : {})}
          />
        )
      })}
    </>
  )
}, sameBatch)

function sameBatch(before: WireBatchProps, now: WireBatchProps): boolean {
  const { lines, selected, many, compared } = before
  const same = lines === now.lines && selected === now.selected && many === now.many && compared === now.compared
  return same && samePlaces(lines, before.places, now.places)
}

function WireBundles({ lines, places }: Pick<WireBatchProps, 'lines' | 'places'>) {
  const bundles = new Map<PortType, string>()
  for (const line of lines) {
    const ends = wireEnds(line, places)
    if (ends) bundles.set(line.type, `${bundles.get(line.type) ?? ''}${wirePath(...ends)}`)
  }
  return [...bundles].map(([type, path]) => (
    <path key={type} className="wire-line" d={path} stroke={`var(--port-${type})`} />
  ))
}

/** Where a wire begins and ends; undefined when one of its nodes is not there. */
function wireEnds({ source, target, sourceY, targetY }: WireLine, places: Places) {
  const [from, to] = [places.get(source), places.get(target)]
  return from && to && ([from.right, from.y + sourceY, to.x, to.y + targetY] as const)
}

interface WireProps {
  readonly id: string
  readonly target: string
  readonly label: string
  readonly type: PortType
  readonly selected: boolean
  /** Too small to be pointed at. */
  readonly plain: boolean
  readonly path: string
  readonly asserted?: PipelineEdge
  /** Where its mark stands, as text so that equal places compare equal. */
  readonly middle?: string
}

/** A wire in its type's colour; dashed where what it carries is old or never came. */
const Wire = memo(function Wire({ id, target, label, type, selected, plain, path, asserted, middle }: WireProps) {
  const { state } = useNodeFace(target)
  const mark = useWireMark(id)
  const dashed = state === 'stale' || state === 'cancelled' || state === 'skipped'
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a drawn line, whatever its clicks do
    <g
      className="wire"
      data-wire={id}
      data-selected={selected || undefined}
      data-mark={mark}
      role="img"
      aria-label={label}
    >
      <path className="wire-line" d={path} stroke={`var(--port-${type})`} data-dashed={dashed || undefined} />
      {!plain && <path className="wire-hit" d={path} />}
      {asserted && middle !== undefined && <WireMark wire={asserted} at={middle} />}
    </g>
  )
})
