import type { AnyNode, Engine, PipelineDocument } from '#contract'
import { storeFolder } from '#store/open-store'
import { keepUpload, listFolder } from './browse-files.ts'
import { fileHistory } from './file-history.ts'
import { createJournal } from './journal.ts'
import { openPipeline, revisionOf, savePipeline } from './pipeline-files.ts'

export type FileDesk = Pick<
  Engine,
  | 'openFile'
  | 'saveFile'
  | 'journal'
  | 'recover'
  | 'fileRevision'
  | 'history'
  | 'keepEdits'
  | 'nameState'
  | 'forgetState'
  | 'files'
  | 'upload'
>

/**
 * What an engine does with a project's files alone: it needs no lineage and no worker. `prepare` sees a file as it is on disk
 * before it is brought up to date.
 */
export function fileDesk(
  project: string,
  catalogue: () => readonly AnyNode[],
  prepare?: (document: PipelineDocument) => Promise<void>,
): FileDesk {
  const folder = storeFolder(project)
  const journal = createJournal(project, folder)
  return {
    async openFile({ path: name }) {
      await prepare?.(openPipeline(project, [], name).document)
      return openPipeline(project, catalogue(), name)
    },
    saveFile: async (a) => savePipeline(project, a),
    journal: async ({ path: name, document, base }) => journal.keep(name, document, base ?? undefined),
    recover: async ({ path: name }) => journal.recover(name),
    fileRevision: async ({ path: name }) => revisionOf(project, name),
    ...fileHistory(project, folder),
    files: async (a) => listFolder(project, a),
    upload: async (a) => keepUpload(project, a),
  }
}
