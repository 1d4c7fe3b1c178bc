import type { PipelineDocument } from '#contract'
import { sampleCards } from '../../client/sample-cards.test-support.ts'
import { addNode } from './add-node.ts'
import { addFrame, addNote, changeNote, removeAnnotations } from './annotate.ts'
import { connect, disconnect } from './connect.ts'
import { moveNodes } from './move-nodes.ts'
import { copyNodes, pasteNodes } from './paste-nodes.ts'
import { removeNodes } from './remove-nodes.ts'
import { renameNode, setParameter } from './set-parameter.ts'

const nodeOf = (document: PipelineDocument, at: number) => {
  const ids = Object.keys(document.nodes)
  return ids[at % Math.max(ids.length, 1)] ?? 'none'
}

/** One of every kind of edit, at a place that depends on a number. */
export const everyKindOfEdit: readonly ((document: PipelineDocument, at: number) => PipelineDocument)[] = [
  (document, at) => addNode(document, sampleCards[at % sampleCards.length]!, [at, at]).document,
  (document, at) => removeNodes(document, new Set([nodeOf(document, at)])),
  (document, at) => setParameter(document, nodeOf(document, at), 'penalty', at),
  (document, at) => setParameter(document, nodeOf(document, at), 'penalty', undefined),
  (document, at) => renameNode(document, nodeOf(document, at), `Title ${at}`),
  (document, at) => moveNodes(document, { [nodeOf(document, at)]: [at * 3, at * 7] }),
  (document, at) =>
    connect(document, { from: `${nodeOf(document, at)}.table`, to: `${nodeOf(document, at + 1)}.table` }),
  (document, at) => disconnect(document, document.edges.slice(at % 5, (at % 5) + 2)),
  (document, at) =>
    pasteNodes(document, copyNodes(document, new Set([nodeOf(document, at), nodeOf(document, at + 2)])), [44, 44])
      .document,
  (document) => addNote(document, 'note', [1, 2]),
  (document, at) => changeNote(document, 0, { text: `note ${at}` }),
  (document) => addFrame(document, { title: 'frame', x: 0, y: 0, width: 10, height: 10 }),
  (document) => removeAnnotations(document, new Set(['frame:0', 'note:0'])),
]
