import type { PipelineDocument } from '#contract'
import { slugOf } from '#graph/node-slug'
import { editsOnOpening } from '../../history/edits-on-opening.ts'
import { messages } from '../../shell/messages.ts'
import { emptyDocument } from '../../state/edits/empty-document.ts'
import type { Workbench } from '../../state/workbench.ts'
import { pickFile } from './pick-file.ts'
import { takeUpEdits } from './take-up-edits.ts'

/** Opens a pipeline file; what was open is saved first. Opening never runs anything. */
export async function openPipeline(workbench: Workbench, path: string): Promise<void> {
  const { engine, documents, autosave, notices, view } = workbench
  try {
    await autosave.flush()
    const [file, recovered, { edits }] = await Promise.all([
      engine.openFile({ path }),
      engine.recover({ path }),
      engine.history({ path }),
    ])
    documents.open(file, editsOnOpening(file, edits, Date.now()))
    showBuild(workbench)
    view.set({ migrated: file.migrated, migrations: file.migrations ?? [] })
    if (recovered) takeUpEdits(workbench, file, recovered)
    if (file.problems.length > 0 && !file.readOnly)
      notices.say(messages.banner.problems(file.problems.length), { tone: 'bad' })
    if (!file.unmerged) return
    autosave.meet(file)
    if (documents.getState().collision) view.set({ overlay: 'conflicts' })
  } catch (error) {
    notices.complain(error)
  }
}

/** An empty pipeline under a free file name; the file comes into being with the first edit. */
export async function newPipeline(workbench: Workbench, document?: PipelineDocument): Promise<void> {
  const { engine, documents, autosave, notices } = workbench
  try {
    await autosave.flush()
    const taken = new Set((await engine.pipelines()).map((pipeline) => pipeline.path))
    const fresh = document ?? emptyDocument(messages.commands.newPipeline)
    documents.open({ path: freePath(fresh.name, taken), document: fresh, revision: null })
    showBuild(workbench)
  } catch (error) {
    notices.complain(error)
  }
}

export function freePath(name: string, taken: ReadonlySet<string>): string {
  const base = slugOf(name) || 'pipeline'
  for (let number = 1; ; number++) {
    const path = `${base}${number === 1 ? '' : `-${number}`}.plumb.json`
    if (!taken.has(path)) return path
  }
}

function showBuild({ view, runs }: Workbench) {
  runs.forget()
  view.select([])
  view.set({
    room: 'build',
    overlay: null,
    quickInsert: null,
    menu: null,
    recovered: null,
    migrated: false,
    migrations: [],
    comparison: null,
    inspectorTab: 'settings',
  })
}

export async function openChosenPipeline(workbench: Workbench): Promise<void> {
  const path = await pickFile(workbench, ['.plumb.json'])
  if (path !== null) await openPipeline(workbench, path)
}
