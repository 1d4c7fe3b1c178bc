import type { PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { messages } from '../../shell/messages.ts'
import { connect } from '../../state/edits/connect.ts'
import { judgeWire, nodeTitle } from '../../state/judge-wire.ts'
import type { Workbench } from '../../state/workbench.ts'
import { adapterFor } from './insert-between.ts'

/** Connects two ports, or says in a sentence why not and which node would make it possible. */
export function drawWire(workbench: Workbench, wire: PipelineEdge): boolean {
  const { documents, catalogue, notices } = workbench
  const { document } = documents.getState()
  const { byType } = catalogue.getState()
  const judgement = judgeWire(document, byType, wire)
  if (!judgement.ok) {
    const adapter = adapterFor(workbench, wire)
    notices.say(judgement.reason, {
      tone: 'bad',
      topic: 'wire',
      ...(adapter && {
        action: { label: messages.notices.insertBetween(adapter.card.title), run: adapter.insert },
      }),
    })
    return false
  }
  documents.edit(messages.edits.connect, (old) => connect(old, wire, judgement.replaces))
  const title = (address: string) => nodeTitle(document, byType, portAddress(address).node)
  const replaced = judgement.replaces.some((old) => old.from !== wire.from)
  notices.say(replaced ? messages.notices.replaced : messages.notices.connected(title(wire.from), title(wire.to)), {
    topic: 'wire',
  })
  return true
}
