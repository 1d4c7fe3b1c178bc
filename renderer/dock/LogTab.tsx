import { keyed } from '../shell/keyed.ts'
import { messages } from '../shell/messages.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useCatalogue, useChecks, useDocument, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { currentRun } from '../state/run-store.ts'

interface Line {
  readonly node?: string
  readonly level: string
  readonly message: string
  readonly time: string
}

/** What the nodes logged in the newest run; of one node when one is selected. */
export function LogTab({ node }: { node: string | null }) {
  const { engine } = useWorkbench()
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const run = useRuns(currentRun)
  const last = useChecks((state) => Object.values(state.check?.nodes ?? {}).find((one) => one.last)?.last?.run)
  const stored = useAnswer(run || !last ? null : last, () => engine.runDetail({ run: last ?? '' }))
  const lines: readonly Line[] = run
    ? run.logs.map((log) => ({ ...log, time: new Date(log.at).toLocaleTimeString('en-GB') }))
    : (stored.value?.logs ?? []).map((log) => ({ ...log, time: new Date(log.at).toLocaleTimeString('en-GB') }))
  const shown = node === null ? lines : lines.filter((line) => line.node === undefined || line.node === node)
  if (shown.length === 0) return <p className="empty">{run || last ? messages.dock.noLog : messages.dock.noRun}</p>
  return (
    <ol className="log">
      {keyed(shown).map(({ key, item }) => (
        <li key={key} data-level={item.level}>
          <time>{item.time}</time>
          <span className="mute">{item.node === undefined ? '' : nodeTitle(document, cards, item.node)}</span>
          <span>{item.message}</span>
        </li>
      ))}
    </ol>
  )
}
