import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo, useEffect, useRef, useState } from 'react'
import type { NodeCard as NodeCardData, PipelineDocument, Port } from '#contract'
import { portOfType } from '#graph/groups/group-ids'
import { groupOfNode } from '#graph/groups/group-of-node'
import { enterGroup } from '../commands/acts/levels.ts'
import { parametersOf } from '../form/parameter.ts'
import { groupMessages } from '../groups/group-messages.ts'
import { useNodeMark } from '../history/use-mark.ts'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import { mainPort } from '../state/catalogue-store.ts'
import { renameNode } from '../state/edits/set-parameter.ts'
import { faceGlyph, type NodeFace } from '../state/node-face.ts'
import { CardPicture } from './CardPicture.tsx'
import { GhostPorts } from './GhostPorts.tsx'
import { NodeGlyph } from './NodeGlyph.tsx'
import { PortShape } from './PortShape.tsx'
import { portsHeight, portY, usualHeight } from './port-place.ts'
import { RichLine } from './RichLine.tsx'
import { Speck } from './Speck.tsx'
import { useDetail } from './use-detail.ts'
import { useNodeFace } from './use-node-face.ts'
import { usePortSize } from './use-port-size.ts'

/** The one card for every node: its kind, title, state, line of fact, small picture and ports; from far away a box. */
export const NodeCard = memo(function NodeCard({ id, selected, height }: NodeProps) {
  const detail = useDetail(id)
  return detail === 'speck' ? (
    <Speck id={id} selected={selected} height={height ?? usualHeight} />
  ) : (
    <Card id={id} selected={selected} height={height} plain={detail === 'plain'} />
  )
})

interface CardProps {
  readonly id: string
  readonly selected: boolean
  readonly height: number | undefined
  readonly plain: boolean
}

function Card({ id, selected, height, plain }: CardProps) {
  const node = useDocument((state) => state.document.nodes[id])
  const card = useCatalogue((state) => state.byType.get(node?.type ?? ''))
  const face = useNodeFace(id)
  const mark = useNodeMark(id)
  const full = useFullHeight(height, plain)
  const inside = useDocument((state) => nodesInside(state.document, id))
  const workbench = useWorkbench()
  if (!node) return null
  const portNode = portOfType(node.type)
  const title = node.title ?? (portNode ? id : card?.title) ?? node.type
  const inputs = Object.entries(card?.inputs ?? {})
  const outputs = Object.entries(card?.outputs ?? {})
  const ports = Math.max(inputs.length, outputs.length)
  const least = portsHeight(ports)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no card
    <div
      className="node-card"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move, open and connect the node
      tabIndex={0}
      aria-label={`${title}, ${portNode ? groupMessages.port[portNode.side] : messages.spokenStates[face.state]}`}
      data-node={id}
      data-state={face.state}
      data-selected={selected || undefined}
      data-mark={mark}
      data-main={mainPort(card)}
      data-group={inside === null ? undefined : ''}
      data-port-node={portNode?.side}
      onDoubleClick={inside === null ? undefined : () => enterGroup(workbench, id)}
      style={{ minHeight: plain ? Math.max(full, least) : least }}
    >
      {plain ? (
        <div className="node-plain">
          <span className="node-glyph" data-type={mainPort(card)} />
          <b>{title}</b>
          <i data-state={face.state} aria-hidden="true">
            {faceGlyph(face.state)}
          </i>
        </div>
      ) : (
        <>
          <header>
            <NodeGlyph type={mainPort(card)} />
            <Title id={id} title={title} />
            {portNode ? (
              <small>{groupMessages.portMark[portNode.side]}</small>
            ) : (
              <State face={face} word={missingParameter(face, card) ?? face.word} />
            )}
          </header>
          {!portNode && <Body face={face} unknown={!card} doc={card?.doc ?? ''} inside={inside} />}
        </>
      )}
      {inputs.map(([name, port], index) => (
        <NodePort key={name} node={id} name={name} port={port} side="input" y={portY(index)} plain={plain} />
      ))}
      {outputs.map(([name, port], index) => (
        <NodePort key={name} node={id} name={name} port={port} side="output" y={portY(index)} plain={plain} />
      ))}
      <GhostPorts node={id} side="input" after={inputs.length} />
      <GhostPorts node={id} side="output" after={outputs.length} />
      {face.state === 'running' && <Foot id={id} />}
    </div>
  )
}

/** How many nodes the group holds that a node stands for; null for other nodes. */
function nodesInside(document: PipelineDocument, id: string): number | null {
  const group = groupOfNode(document.groups, document.nodes[id])
  return group ? Object.values(group.nodes).filter(({ type }) => !portOfType(type)).length : null
}

/** The height of the whole card, kept while it is drawn plain, so that nothing jumps. */
function useFullHeight(height: number | undefined, plain: boolean): number {
  const full = useRef(plain ? (height ?? usualHeight) : usualHeight)
  if (!plain && height !== undefined) full.current = height
  return full.current
}

/** "needs file": a setting that is missing, by its title. */
function missingParameter(face: NodeFace, card: NodeCardData | undefined): string | undefined {
  const path = face.problems.find((problem) => problem.level !== 'warning')?.path
  if (face.state !== 'not-configured' || path?.[0] !== 'params' || !card) return undefined
  const parameter = parametersOf(card).find((one) => one.name === path[1])
  return parameter && messages.states.needs(parameter.title.toLowerCase())
}

function State({ face, word }: { face: NodeFace; word: string }) {
  return (
    <span className="node-state" data-state={face.state} title={face.why.join('\n') || undefined}>
      <i aria-hidden="true">{faceGlyph(face.state)}</i>
      {word}
    </span>
  )
}

interface BodyProps {
  readonly face: NodeFace
  readonly unknown: boolean
  readonly doc: string
  /** How many nodes a group holds. */
  readonly inside: number | null
}

function Body({ face, unknown, doc, inside }: BodyProps) {
  const problem = face.problems.find((one) => one.level !== 'warning')
  if (unknown)
    return (
      <div className="node-body bad">
        <span className="node-problem" title={problem?.message}>
          {problem?.message ?? messages.canvas.unknownNode}
        </span>
      </div>
    )
  if (problem && (face.state === 'failed' || (face.state === 'not-configured' && problem.code !== 'port-missing')))
    return (
      <div className="node-body" data-tone={face.state === 'failed' ? 'bad' : undefined}>
        <span className="node-problem">{face.state === 'failed' ? <b>{problem.message}</b> : problem.message}</span>
      </div>
    )
  if (!face.card)
    return (
      <div className="node-body">
        <span className="node-hint">{firstSentence(doc)}</span>
      </div>
    )
  return (
    <div className="node-body" data-tone={face.card.tone}>
      {face.card.picture && <CardPicture picture={face.card.picture} />}
      <span>
        {inside !== null && <small className="group-count">{groupMessages.nodes(inside)}</small>}
        <RichLine text={face.card.text} />
      </span>
    </div>
  )
}

/** What a node that has no result yet says of itself. */
function firstSentence(doc: string): string {
  const plain = doc.replace(/[*_`#]/g, '').trim()
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain
}

function Foot({ id }: { id: string }) {
  const { runs } = useWorkbench()
  const bar = useRef<HTMLElement>(null)
  useEffect(() => {
    function show() {
      const { current, runs: all } = runs.getState()
      const fraction = (current === null ? undefined : all[current])?.progress[id]?.fraction ?? 0
      if (bar.current) bar.current.style.transform = `scaleX(${fraction})`
    }
    show()
    return runs.subscribe(show)
  }, [id, runs])
  return (
    <span className="node-foot" aria-hidden="true">
      <i ref={bar} />
    </span>
  )
}

function Title({ id, title }: { id: string; title: string }) {
  const renaming = useView((state) => state.renaming === id)
  const { view } = useWorkbench()
  if (renaming) return <TitleField id={id} title={title} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same by key
    <b
      className="node-title"
      title={title}
      onDoubleClick={(event) => {
        event.stopPropagation()
        view.set({ renaming: id })
      }}
    >
      {title}
    </b>
  )
}

function TitleField({ id, title }: { id: string; title: string }) {
  const { documents, view } = useWorkbench()
  const [text, setText] = useState(title)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  function close(keep: boolean) {
    if (keep && text !== title) documents.edit(messages.edits.rename, (document) => renameNode(document, id, text))
    view.set({ renaming: null })
  }
  return (
    <input
      ref={field}
      className="node-title-field nodrag nokey"
      aria-label={messages.canvas.rename}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => close(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') close(true)
        if (event.key === 'Escape') close(false)
      }}
    />
  )
}

interface NodePortProps {
  readonly node: string
  readonly name: string
  readonly port: Port
  readonly side: 'input' | 'output'
  readonly y: number
  /** Too small to be seen: only where wires begin and end. */
  readonly plain: boolean
}

const NodePort = memo(function NodePort({ node, name, port, side, y, plain }: NodePortProps) {
  const [hovered, setHovered] = useState(false)
  const type = messages.portTypes[port.type]
  return (
    <Handle
      id={name}
      type={side === 'input' ? 'target' : 'source'}
      position={side === 'input' ? Position.Left : Position.Right}
      className="port"
      data-port={`${node}.${name}`}
      data-type={port.type}
      data-side={side}
      role="img"
      aria-label={`${messages.ports[side]} ${name}, ${type}`}
      style={{ top: y }}
      onMouseEnter={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
    >
      {!plain && <PortShape type={port.type} ringed />}
      {hovered && <PortLabel node={node} name={name} port={port} side={side} />}
    </Handle>
  )
})

/** What stands beside a port under the pointer: "table: 15 columns × 48 842 rows". */
function PortLabel({ node, name, port, side }: Omit<NodePortProps, 'y' | 'plain'>) {
  const size = usePortSize(node, name, side)
  const type = messages.portTypes[port.type]
  const notes = [
    type === name ? '' : type,
    size,
    port.optional ? messages.ports.optional : '',
    port.many ? messages.ports.many : '',
  ]
  return (
    <span className="port-label" data-side={side}>
      <b>{name}</b>
      <span>{notes.filter((note) => note !== '').join(' · ')}</span>
    </span>
  )
}
