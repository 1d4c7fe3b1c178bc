import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { replaceFile } from '#store/durable-file'
import { hashBytes } from '#store/hashing'
import { insideProject, keptName, projectPath } from './project-paths.ts'

/** How a pipeline file is known again that was renamed or moved outside Plumbline. */
interface FileMark {
  /** Where it was, as the engine names files. */
  readonly path: string
  /** Hash of its text when Plumbline saved it last. */
  readonly revision: string
  /** What the disk calls it, whatever its name: inode and time of birth. */
  readonly identity: string
}

const markName = 'file.json'

/** Notes beside what is kept of a file how it is known again. */
export function markFile(project: string, storeFolder: string, name: string): void {
  const mark = markOf(project, name)
  if (mark) replaceFile(path.join(storeFolder, 'history', keptName(project, name), markName), JSON.stringify(mark))
}

/**
 * Gives a file that nothing is kept of what was kept of one that is gone and that it is: the same file on the disk, or else
 * the only one that had this text. What belongs to a file that is still there stays with it, so a copy begins anew.
 */
export function followMovedFile(project: string, storeFolder: string, name: string): void {
  const histories = path.join(storeFolder, 'history')
  const own = keptName(project, name)
  if (existsSync(path.join(histories, own)) || !existsSync(histories)) return
  const mark = markOf(project, name)
  const from = mark && keptOfMoved(project, histories, mark)
  if (from === undefined) return
  renameSync(path.join(histories, from), path.join(histories, own))
  moveJournal(path.join(storeFolder, 'journal'), from, own)
  markFile(project, storeFolder, name)
}

function keptOfMoved(project: string, histories: string, mark: FileMark): string | undefined {
  const gone = readdirSync(histories).flatMap((kept) => {
    const known = readMark(path.join(histories, kept, markName))
    return known && !existsSync(path.resolve(project, known.path)) ? [{ kept, known }] : []
  })
  const same = gone.filter(({ known }) => known.identity === mark.identity)
  const alike = same.length > 0 ? same : gone.filter(({ known }) => known.revision === mark.revision)
  return alike.length === 1 ? alike[0]!.kept : undefined
}

/** Edits that were not saved when the program ended. */
function moveJournal(folder: string, from: string, to: string): void {
  const [old, now] = [from, to].map((kept) => path.join(folder, `${kept}.json`)) as [string, string]
  if (!existsSync(old) || existsSync(now)) return
  renameSync(old, now)
}

function markOf(project: string, name: string): FileMark | undefined {
  const file = insideProject(project, name)
  if (!existsSync(file)) return undefined
  const { ino, birthtimeNs } = statSync(file, { bigint: true })
  return {
    path: projectPath(project, file),
    revision: hashBytes(readFileSync(file)),
    identity: `${ino}-${birthtimeNs}`,
  }
}

function readMark(file: string): FileMark | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FileMark
  } catch {
    return undefined
  }
}
