import type { Cure, DocumentEdit, PipelineDocument, Problem } from '#contract'
import { problemCures } from '#graph/cures/problem-cures'
import { localId } from '#graph/groups/group-ids'
import { parametersOf } from '../form/parameter.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useCatalogue, useChecks, useDocument, useWorkbench } from '../shell/workbench-context.ts'

const none: readonly never[] = []

/** Cures for a problem of a node on this level, the likeliest first. Files are looked up only where a file is what is wrong. */
export function useCures(node: string, problem: Problem): readonly Cure[] {
  const { engine } = useWorkbench()
  const document = useDocument((state) => state.document)
  const byType = useCatalogue((state) => state.byType)
  const nodes = useChecks((state) => state.check?.nodes)
  const card = byType.get(document.nodes[node]?.type ?? '')
  const parameter = card && parametersOf(card).find(({ name }) => name === problem.path?.[1])
  const wantsFile = problem.path?.[0] === 'params' && parameter?.kind === 'file'
  const files = useAnswer(wantsFile ? `files ${node}` : null, () => engine.files({ folder: '.' }))
  const own = { ...problem, node, ...(problem.cures && { cures: problem.cures.map(localCure) }) }
  return problemCures(own, {
    document,
    cards: [...byType.values()],
    nodes: nodes ?? {},
    files: files.value?.entries.flatMap((entry) => (entry.folder ? none : entry.name)) ?? none,
  }).filter((cure) => appliesTo(document, cure))
}

/** The engine speaks of nodes by their whole ids; on its own level each has the last part of it. */
export function localCure({ label, edits }: Cure): Cure {
  return { label, edits: edits.map(localEdit) }
}

function localEdit(edit: DocumentEdit): DocumentEdit {
  if ('node' in edit && typeof edit.node === 'string') return { ...edit, node: localId(edit.node) } as DocumentEdit
  return 'from' in edit ? { ...edit, from: localId(edit.from), to: localId(edit.to) } : edit
}

/** Whether everything that a cure changes stands on this level. */
export function appliesTo(document: Pick<PipelineDocument, 'nodes'>, { edits }: Cure): boolean {
  const added = edits.flatMap((edit) => (edit.do === 'add' ? [edit.id] : []))
  const there = (id: string) => Object.hasOwn(document.nodes, id) || added.includes(id)
  return edits.every((edit) => {
    if (edit.do === 'add') return true
    if ('node' in edit) return there(edit.node)
    return edit.do === 'unwire' || [edit.from, edit.to].every((end) => there(end.slice(0, end.indexOf('.'))))
  })
}
