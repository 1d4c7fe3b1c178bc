import { useEffect, useState } from 'react'
import { PortShape } from '../canvas/PortShape.tsx'
import { freePlace, insertNode } from '../commands/acts/insert-node.ts'
import { goToNode } from '../commands/acts/levels.ts'
import { openPipeline } from '../commands/acts/open-pipeline.ts'
import { building } from '../commands/acts/selected.ts'
import { commands } from '../commands/commands.ts'
import { keysOf } from '../commands/key-map.ts'
import { keyLabel } from '../commands/keys.ts'
import { canRun, runCommand } from '../commands/run-command.ts'
import { everyNode } from '../outline/outline-tree.ts'
import { fuzzyScore } from '../palette/fuzzy.ts'
import { mainPort } from '../state/catalogue-store.ts'
import type { Workbench } from '../state/workbench.ts'
import { ListBox, type ListItem } from './ListBox.tsx'
import { Modal } from './Modal.tsx'
import { messages } from './messages.ts'
import { useWorkbench } from './workbench-context.ts'

interface Entry extends ListItem {
  readonly words: string
  run(): void
}

/** Everything that can be done, gone to or added, by typing. */
export function CommandPalette() {
  const workbench = useWorkbench()
  const [pipelines, setPipelines] = useState<readonly Entry[]>([])
  const close = () => workbench.view.set({ overlay: null })
  useEffect(() => {
    workbench.engine.pipelines().then(
      (found) =>
        setPipelines(
          found.map(({ path, name }) => ({
            id: `pipeline:${path}`,
            title: name,
            note: path,
            group: messages.groups.file,
            words: `${name} ${path}`,
            run: () => openPipeline(workbench, path),
          })),
        ),
      () => {},
    )
  }, [workbench])
  const entries = [...commandEntries(workbench), ...nodeEntries(workbench), ...pipelines, ...addEntries(workbench)]
  const items = (query: string) =>
    query.trim() === ''
      ? entries.slice(0, 60)
      : entries
          .map((entry) => ({
            entry,
            score: Math.max(fuzzyScore(query, entry.title), 0.6 * fuzzyScore(query, entry.words)),
          }))
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score)
          .slice(0, 40)
          .map(({ entry: { group: _, ...entry } }) => entry)
  return (
    <Modal label={messages.commands.palette} close={close}>
      <ListBox
        label={messages.search.commands}
        items={items}
        close={close}
        choose={(id) => {
          close()
          entries.find((entry) => entry.id === id)?.run()
        }}
      />
    </Modal>
  )
}

const groupOrder = ['run', 'add', 'edit', 'view', 'file', 'go'] as const

function commandEntries(workbench: Workbench): readonly Entry[] {
  const hidden = /^(select|move)-(left|right|up|down)$|^command-palette$/
  return commands
    .filter((command) => !hidden.test(command.id) && canRun(command, workbench))
    .sort((a, b) => groupOrder.indexOf(a.group) - groupOrder.indexOf(b.group))
    .map((command) => ({
      id: command.id,
      title: command.label,
      group: messages.groups[command.group],
      words: command.id,
      ...(keysOf(command)[0] ? { hint: <kbd>{keyLabel(keysOf(command)[0]!)}</kbd> } : {}),
      run: () => void runCommand(command, workbench),
    }))
}

/** Nodes of the open pipeline, those inside groups too, to go to. */
function nodeEntries(workbench: Workbench): readonly Entry[] {
  const { file, catalogue, view, canvas } = workbench
  const { document, path } = file.getState()
  if (path === null) return []
  const { byType } = catalogue.getState()
  return everyNode(document, byType).map(({ id, local, title, type, around }) => ({
    id: `node:${id}`,
    title,
    note: [...around, local].join(' › '),
    icon: <PortShape type={mainPort(byType.get(type))} />,
    group: messages.groups.go,
    words: `${id} ${type} ${around.join(' ')}`,
    run: () => {
      view.set({ room: 'build' })
      goToNode(workbench, id)
      requestAnimationFrame(() => canvas.current?.focus(local))
    },
  }))
}

function addEntries(workbench: Workbench): readonly Entry[] {
  if (!building(workbench)) return []
  return workbench.catalogue.getState().cards.map((card) => ({
    id: `add:${card.type}`,
    title: messages.edits.add(card.title),
    icon: <PortShape type={mainPort(card)} />,
    group: messages.groups.add,
    words: `${card.type} ${card.keywords.join(' ')}`,
    run: () => {
      insertNode(workbench, card.type, freePlace(workbench, workbench.canvas.current?.center() ?? [0, 0]))
    },
  }))
}
