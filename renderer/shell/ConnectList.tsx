import type { PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { PortShape } from '../canvas/PortShape.tsx'
import { drawWire } from '../commands/acts/draw-wire.ts'
import { selectedNode } from '../commands/acts/selected.ts'
import { fuzzyScore } from '../palette/fuzzy.ts'
import { disconnect, wireId, wireOfId } from '../state/edits/connect.ts'
import { judgeWire, nodeTitle } from '../state/judge-wire.ts'
import type { Workbench } from '../state/workbench.ts'
import { ListBox, type ListItem } from './ListBox.tsx'
import { Modal } from './Modal.tsx'
import { messages } from './messages.ts'
import { useWorkbench } from './workbench-context.ts'

/** Wires by key: every port the selected node could be connected to, and the wires it has, to remove. */
export function ConnectList() {
  const workbench = useWorkbench()
  const close = () => workbench.view.set({ overlay: null })
  const node = selectedNode(workbench)
  const entries = node === null ? [] : [...possible(workbench, node), ...present(workbench, node)]
  function choose(id: string) {
    close()
    const wire = wireOfId(id.slice(1))
    if (id.startsWith('+')) drawWire(workbench, wire)
    else workbench.documents.edit(messages.edits.disconnect, (document) => disconnect(document, [wire]))
  }
  return (
    <Modal label={messages.commands.connect} close={close}>
      <ListBox
        label={messages.search.connect}
        items={(query) => entries.filter((entry) => fuzzyScore(query, `${entry.title} ${entry.note}`) > 0)}
        choose={choose}
        close={close}
        empty={messages.search.noTargets}
      />
    </Modal>
  )
}

/** Free inputs first, then those whose wire would be replaced. */
function possible(workbench: Workbench, node: string): readonly ListItem[] {
  const { document } = workbench.documents.getState()
  const { byType } = workbench.catalogue.getState()
  const drawn = new Set(document.edges.map(wireId))
  const free: ListItem[] = []
  const taken: ListItem[] = []
  for (const [name, port] of Object.entries(byType.get(document.nodes[node]?.type ?? '')?.outputs ?? {}))
    for (const to of inputsOf(workbench, node)) {
      const wire: PipelineEdge = { from: `${node}.${name}`, to: `${to.node}.${to.port}` }
      const judgement = judgeWire(document, byType, wire)
      if (!judgement.ok || drawn.has(wireId(wire))) continue
      const replaces = judgement.replaces.length > 0
      const list = replaces ? taken : free
      list.push({
        id: `+${wireId(wire)}`,
        title: `${name} → ${nodeTitle(document, byType, to.node)}`,
        note: to.port,
        icon: <PortShape type={port.type} />,
        group: replaces ? messages.search.replaces : messages.edits.connect,
      })
    }
  return [...free, ...taken]
}

function inputsOf({ documents, catalogue }: Workbench, besides: string) {
  const { byType } = catalogue.getState()
  return Object.entries(documents.getState().document.nodes).flatMap(([node, { type }]) =>
    node === besides ? [] : Object.keys(byType.get(type)?.inputs ?? {}).map((port) => ({ node, port })),
  )
}

function present(workbench: Workbench, node: string): readonly ListItem[] {
  const { document } = workbench.documents.getState()
  const { byType } = workbench.catalogue.getState()
  return document.edges
    .filter((wire) => portAddress(wire.from).node === node || portAddress(wire.to).node === node)
    .map((wire) => {
      const [from, to] = [portAddress(wire.from), portAddress(wire.to)]
      return {
        id: `-${wireId(wire)}`,
        title: `${nodeTitle(document, byType, from.node)} → ${nodeTitle(document, byType, to.node)}`,
        note: `${from.port} → ${to.port}`,
        group: messages.edits.disconnect,
      }
    })
}
