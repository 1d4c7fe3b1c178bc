import './inspector.css'
import { PortShape } from '../canvas/PortShape.tsx'
import { useNodeFace } from '../canvas/use-node-face.ts'
import { TrustThis } from '../custom-nodes/TrustThis.tsx'
import { ParameterForm } from '../form/ParameterForm.tsx'
import { GroupSettings } from '../groups/GroupSettings.tsx'
import { LevelSettings } from '../groups/LevelSettings.tsx'
import { Guard } from '../shell/Guard.tsx'
import { messages } from '../shell/messages.ts'
import { Resizer } from '../shell/Resizer.tsx'
import { Tabs } from '../shell/Tabs.tsx'
import { useCatalogue, useDocument, useLevel, useView, useWorkbench } from '../shell/workbench-context.ts'
import { familyOf, mainPort } from '../state/catalogue-store.ts'
import { renameNode } from '../state/edits/set-parameter.ts'
import { focusedNode, type InspectorTab } from '../state/view-store.ts'
import { AboutTab } from './AboutTab.tsx'
import { HistoryTab } from './HistoryTab.tsx'
import { PipelineSettings } from './PipelineSettings.tsx'
import { ProblemTab } from './ProblemTab.tsx'
import { ResultTab } from './ResultTab.tsx'
import { SelectionSettings } from './SelectionSettings.tsx'

/** What is known of the selection, and its settings; with nothing selected, the pipeline's. */
export function Inspector() {
  const selection = useView((state) => state.selection)
  const nodes = useDocument((state) => state.document.nodes)
  const node = focusedNode(selection, nodes)
  const width = useView((state) => state.inspectorWidth)
  const tab = useView((state) => state.inspectorTab)
  return (
    <aside className="inspector" aria-label={messages.inspector.label}>
      <Resizer label={messages.inspector.width} what="inspectorWidth" size={width} least={280} most={820} />
      <Guard of={`${tab} ${[...selection].join(' ')}`}>
        {node !== null ? (
          <NodeInspector key={node} node={node} />
        ) : selection.size > 0 ? (
          <SelectionSettings selection={selection} />
        ) : (
          <Nothing />
        )}
      </Guard>
    </aside>
  )
}

/** With nothing selected: the group we are in, else the pipeline. */
function Nothing() {
  const inside = useLevel((state) => state.path.length > 0)
  return inside ? <LevelSettings /> : <PipelineSettings />
}

function NodeInspector({ node }: { node: string }) {
  const { view } = useWorkbench()
  const state = useDocument((document) => document.document.nodes[node])
  const card = useCatalogue((catalogue) => catalogue.byType.get(state?.type ?? ''))
  const wanted = useView((shown) => shown.inspectorTab)
  const face = useNodeFace(node)
  if (!state) return null
  const family = familyOf(state.type)
  const serious = face.problems.filter((problem) => problem.level !== 'warning')
  const hasProblem = face.problems.length > 0
  // A placeholder has no settings: what it says of itself is its problem.
  const isPlaceholder = !card && hasProblem
  const tab: InspectorTab =
    wanted === 'problem' && !hasProblem ? 'settings' : wanted === 'settings' && isPlaceholder ? 'problem' : wanted
  const titles = messages.inspector.tabs
  const tabs = [
    ...(isPlaceholder ? [] : [{ id: 'settings' as const, title: titles.settings }]),
    ...(hasProblem
      ? [
          {
            id: 'problem' as const,
            title: titles.problem,
            note: serious.length > 1 ? String(serious.length) : undefined,
          },
        ]
      : []),
    { id: 'result' as const, title: titles.result },
    { id: 'history' as const, title: titles.history },
    { id: 'about' as const, title: titles.about },
  ]
  return (
    <>
      <header className="inspector-head">
        <span className="inspector-family mute">
          <PortShape type={mainPort(card)} />
          {messages.families[family] ?? family}
          {state.title && card ? ` · ${card.title}` : ''}
        </span>
        <TitleField node={node} title={state.title ?? card?.title ?? state.type} />
      </header>
      <Tabs
        label={messages.inspector.label}
        tabs={tabs}
        chosen={tab}
        choose={(inspectorTab) => view.set({ inspectorTab })}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it where nothing inside takes the focus */}
      <div className="inspector-body" role="tabpanel" tabIndex={0} aria-label={titles[tab]}>
        {tab === 'settings' && <GroupSettings node={node} />}
        {tab === 'settings' && <ParameterForm node={node} />}
        {tab === 'problem' && <ProblemTab node={node} problems={face.problems} />}
        {tab === 'problem' && isPlaceholder && family === 'custom' && <TrustThis />}
        {tab === 'result' && <ResultTab face={face} />}
        {tab === 'history' && <HistoryTab node={node} />}
        {tab === 'about' && card && <AboutTab card={card} node={node} />}
      </div>
    </>
  )
}

function TitleField({ node, title }: { node: string; title: string }) {
  const { documents } = useWorkbench()
  return (
    <input
      className="inspector-title"
      aria-label={messages.canvas.rename}
      value={title}
      spellCheck={false}
      onChange={(event) =>
        documents.edit(
          messages.edits.rename,
          (document) => renameNode(document, node, event.target.value),
          `rename:${node}`,
        )
      }
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  )
}
