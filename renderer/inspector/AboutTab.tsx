import type { NodeCard, Port } from '#contract'
import { PortShape } from '../canvas/PortShape.tsx'
import { usePortSize } from '../canvas/use-port-size.ts'
import { Markdown } from '../shell/Markdown.tsx'
import { messages } from '../shell/messages.ts'

/** What the node does, with formula and source, and what its ports carry. */
export function AboutTab({ card, node }: { card: NodeCard; node: string }) {
  return (
    <div className="about">
      <Markdown text={card.doc} />
      <h3>{messages.inspector.ports}</h3>
      <ul className="ports">
        {Object.entries(card.inputs).map(([name, port]) => (
          <PortLine key={name} node={node} name={name} port={port} side="input" />
        ))}
        {Object.entries(card.outputs).map(([name, port]) => (
          <PortLine key={name} node={node} name={name} port={port} side="output" />
        ))}
      </ul>
      <p className="mute small mono">
        {card.type} {card.version}
      </p>
    </div>
  )
}

function PortLine({ node, name, port, side }: { node: string; name: string; port: Port; side: 'input' | 'output' }) {
  const size = usePortSize(node, name, side)
  const notes = [messages.ports[side], messages.portTypes[port.type], size]
  if (port.optional) notes.push(messages.ports.optional)
  if (port.many) notes.push(messages.ports.many)
  return (
    <li>
      <PortShape type={port.type} />
      <span>
        <b>{name}</b> <small className="mute">{notes.filter((note) => note !== '').join(' · ')}</small>
        <br />
        {port.doc}
      </span>
    </li>
  )
}
