import './wires.css'
import { useState } from 'react'
import type { PipelineEdge, StepSummary, WireFacts } from '#contract'
import { portAddress } from '#graph/adjacency'
import { groupOfType } from '#graph/groups/group-ids'
import { PortShape } from '../canvas/PortShape.tsx'
import { useNodeFace } from '../canvas/use-node-face.ts'
import { portSize } from '../canvas/use-port-size.ts'
import { deleteSelection } from '../commands/delete-selection.ts'
import { runCommand } from '../commands/run-command.ts'
import { messages } from '../shell/messages.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { useCatalogue, useChecks, useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { sameWire, wireOfId } from '../state/edits/connect.ts'
import { nodeTitle, outputPort } from '../state/judge-wire.ts'
import type { Workbench } from '../state/workbench.ts'
import { AssertionList } from './AssertionList.tsx'
import { ColumnChanges } from './ColumnChanges.tsx'
import { LostRows } from './LostRows.tsx'
import { useKnownMetrics } from './use-known-metrics.ts'

/** All that is known of a wire: what flows, what its step did to it, who was lost, what must hold. */
export function WireCard({ id }: { id: string }) {
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const ends = wireOfId(id)
  const wire = document.edges.find((edge) => sameWire(edge, ends))
  if (!wire) return null
  const [from, to] = [portAddress(wire.from), portAddress(wire.to)]
  const title = (node: string) => nodeTitle(document, cards, node)
  const type = outputPort(document, cards, wire.from)?.type
  return (
    <>
      <header className="inspector-head">
        <span className="inspector-family mute">
          {type && <PortShape type={type} />}
          {messages.inspector.wire}
          {type && ` · ${messages.portTypes[type]}`}
        </span>
        <h2>
          {title(from.node)} → {title(to.node)}
        </h2>
        <span className="mute small">
          {from.port} → {to.port}
        </span>
      </header>
      <div className="inspector-body wire-card">
        <Flow key={wire.from} wire={wire} isTable={type === 'table'} />
        {type && <Assertions key={id} wire={wire} type={type} />}
        <DeleteWire />
      </div>
    </>
  )
}

/** The step behind a wire as the lineage knows it; what comes out of a group is known by the table alone. */
function stepAt(workbench: Workbench, step: StepSummary | undefined, from: string) {
  const { node, port } = portAddress(from)
  const { type } = workbench.documents.getState().document.nodes[node] ?? {}
  const table = step?.outputs[port]?.hash
  if (!step || (type && groupOfType(type) !== undefined)) return table ? { table } : {}
  return { run: step.run, node: step.node, port }
}

const measured = new Set(['table', 'evaluation', 'model', 'monitor'])

function Assertions({ wire, type }: { wire: PipelineEdge; type: Parameters<typeof AssertionList>[0]['type'] }) {
  const { node, port } = portAddress(wire.from)
  const schema = useChecks((state) => state.check?.nodes[node]?.outputs[port])
  const metrics = useKnownMetrics(node)
  if (!measured.has(type)) return null
  return <AssertionList wire={wire} type={type} columns={schema?.columns} metrics={metrics} />
}

function DeleteWire() {
  const workbench = useWorkbench()
  return (
    <button type="button" className="button small danger" onClick={() => runCommand(deleteSelection, workbench)}>
      {messages.inspector.deleteWire}
    </button>
  )
}

function Flow({ wire, isTable }: { wire: PipelineEdge; isTable: boolean }) {
  const workbench = useWorkbench()
  const { engine, view } = workbench
  const { node, port } = portAddress(wire.from)
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const check = useChecks((state) => state.check?.nodes[node])
  const { step } = useNodeFace(node)
  const [groups, setGroups] = useState<readonly string[]>([])
  const artifact = step?.outputs[port]
  const known = isTable && step && artifact
  const answer = useAnswer(known ? `${step.run} ${wire.from} ${artifact.hash} ${groups.join()}` : null, () =>
    engine.wireFacts({ ...stepAt(workbench, step, wire.from), groups }),
  )
  const [facts, setFacts] = useState<WireFacts | undefined>()
  // What was shown stays while another column is asked for.
  if (answer.value && answer.value !== facts) setFacts(answer.value)
  const size =
    artifact?.rows === undefined
      ? portSize(check, port, 'output')
      : messages.ports.size(artifact.columns, artifact.rows)
  const shown = answer.value ?? facts
  return (
    <section className="wire-part">
      <div className="wire-size">
        <b>{size}</b>
        {known && (
          <button
            type="button"
            className="button small"
            onClick={() => view.set({ dockOpen: true, dockTab: 'data', dockPort: port })}
          >
            {wireMessages.preview}
          </button>
        )}
      </div>
      {!artifact && <p className="mute">{wireMessages.notRun(nodeTitle(document, cards, node))}</p>}
      {answer.problems?.map((problem) => (
        <p key={problem.message} className="bad">
          {problem.message}
        </p>
      ))}
      {known && !shown && !answer.problems && <p className="mute">{wireMessages.looking}</p>}
      {shown?.before && (
        <>
          <LostRows facts={shown.before} title={shown.before.title} groups={groups} choose={setGroups} />
          <ColumnChanges changes={shown.before.changes} />
        </>
      )}
    </section>
  )
}
