import type { PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { messages } from '../../shell/messages.ts'
import { connect } from '../../state/edits/connect.ts'
import { judgeWire, nodeTitle } from '../../state/judge-wire.ts'
import type { Workbench } from '../../state/workbench.ts'

/** Connects two ports, or says in a sentence why not. */
export function drawWire({ documents, catalogue, notices }: Workbench, wire: PipelineEdge): boolean {
  const { document } = documents.getState()
  const { byType } = catalogue.getState()
  const judgement = judgeWire(document, byType, wire)
  if (!judgement.ok) {
    notices.say(judgement.reason, { tone: 'bad', topic: 'wire' })
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
