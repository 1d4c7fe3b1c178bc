import type { Engine, NamedState, PipelineDocument, RunSummary } from '#contract'
import { shortId } from '../runs/status-signs.ts'
import { formatWhen } from '../shell/format.ts'
import type { Transaction } from '../state/document-store.ts'
import { historyMessages } from './history-messages.ts'

/** A state of a pipeline that the open one can be compared with. */
export interface KnownState {
  readonly id: string
  readonly group: string
  readonly name: string
  readonly note: string
  /** The id under which it is kept, for named states. */
  readonly named?: string
  document(): Promise<PipelineDocument>
}

const mostEdits = 40

/** Id of the state before the last of so many edits. */
export function newestEdit(edits: number): string {
  return `edit:${Math.min(edits, mostEdits) - 1}`
}

/** Everything the open pipeline can be compared with: named states, files, edits of its undo history, runs. */
export function statesOfFile(a: {
  readonly engine: Engine
  readonly path: string
  readonly named: readonly NamedState[]
  readonly past: readonly Transaction[]
  readonly runs: readonly RunSummary[]
  readonly files: readonly { readonly path: string; readonly name: string; readonly document: PipelineDocument }[]
}): readonly KnownState[] {
  const { named, file, edits, runs } = historyMessages
  return [
    ...a.named.map((state) => ({
      id: `named:${state.id}`,
      named: state.id,
      group: named,
      name: state.name,
      note: formatWhen(state.at),
      document: async () => state.document,
    })),
    ...a.past
      .slice(-mostEdits)
      .map((edit, at) => ({
        id: `edit:${at}`,
        group: edits,
        name: historyMessages.before(edit.label),
        note: formatWhen(new Date(edit.at).toISOString()),
        document: async () => edit.before,
      }))
      .toReversed(),
    ...a.runs.map(({ id, startedAt }) => ({
      id: `run:${id}`,
      group: runs,
      name: historyMessages.run(shortId(id)),
      note: formatWhen(startedAt),
      document: async () => (await a.engine.runDetail({ run: id })).document,
    })),
    {
      id: 'disk',
      group: file,
      name: historyMessages.onDisk,
      note: a.path,
      document: async () => (await a.engine.openFile({ path: a.path })).document,
    },
    ...a.files
      .filter((other) => other.path !== a.path)
      .map((other) => ({
        id: `file:${other.path}`,
        group: file,
        name: other.name,
        note: other.path,
        document: async () => other.document,
      })),
  ]
}
