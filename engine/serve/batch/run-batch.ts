import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { openParquet } from '#compute/parquet/read-parquet'
import { type Automation, type Column, type Hash, ProblemError } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { beginBatch, endBatch } from '#store/batches'
import { openContentFiles } from '#store/content-files'
import { type Database, openDatabase } from '#store/database'
import { hashBytes, hashLargeFile } from '#store/hashing'
import { artifactsFolder, storeFolder } from '#store/open-store'
import { type CaseQueue, openQueue, queueFile } from '#store/queue/open-queue'
import { type ChosenVersion, chooseVersion } from '#store/read-registry'
import { type BatchFolder, openBatchFolder } from './batch-folder.ts'
import { type BatchModel, openBatchModel } from './batch-model.ts'
import { type BatchSource, ingestSource, lineColumn } from './batch-source.ts'
import { frameChecker } from './check-frame.ts'
import { joinParts, joinRejected } from './join-parts.ts'
import { addedColumns, scorePart } from './score-part.ts'

export interface BatchOrder {
  readonly project: string
  readonly name: string
  /** A stage, an alias, "latest" or a version. */
  readonly selector: string
  /** Files to score, CSV or Parquet. */
  readonly files: readonly string[]
  /** Written whole when all is scored; Parquet where its name says so, else CSV. */
  readonly out: string
  /** Where rejected rows go: beside `out` unless told. */
  readonly rejected?: string
  readonly reasons?: boolean
  /** Opens a case for each row that people decide. */
  readonly cases?: boolean
  /** What people decide, in the place of what was deployed with the version. */
  readonly automation?: Automation
  /** Columns of the input that go along; all unless told. */
  readonly keep?: readonly string[]
  /** The batch definition that asked for it. */
  readonly job?: string
  readonly signal?: AbortSignal
  onProgress?(progress: BatchProgress): void
}
export interface BatchProgress {
  readonly fraction: number
  /** Rows looked at so far. */
  readonly rows: number
}
export interface BatchResult {
  readonly id: string
  readonly version: number
  readonly model: Hash
  readonly rows: number
  readonly rejected: number
  /** Rows that people decide. */
  readonly forPeople: number
  readonly out: string
  readonly rejectedFile?: string
  /** Parts that an earlier, interrupted call had finished. */
  readonly keptParts: number
}

interface InputFile {
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly hash: Hash
}
export interface Work {
  readonly order: BatchOrder
  readonly scorer: BatchModel
  readonly folder: BatchFolder
  /** Names of parts begin with it. */
  readonly key: string
  /** Where cases go, if any are to be opened. */
  readonly queue: CaseQueue | undefined
  readonly inputs: readonly InputFile[]
  readonly check: ReturnType<typeof frameChecker>
  readonly throwIfCancelled: () => void
  readonly cancelled: () => boolean
}

/**
 * Scores files with a registered model, a row group at a time: memory holds no more than that. Scores come out of the same
 * process as those that are served. What is done is kept, so the same call goes on where one before was cancelled or killed.
 */
export async function runBatch(order: BatchOrder): Promise<BatchResult> {
  const db = openDatabase(path.join(storeFolder(order.project), 'lineage.sqlite'))
  try {
    const registered = chooseVersion(db, order.name, order.selector)
    const chosen = { ...registered, ...(order.automation && { automation: order.automation }) }
    const inputs = await readInputs(order)
    const key = batchKey(order, chosen, inputs)
    const id = beginBatch(db, { ...order, key, inputs, version: chosen.version, model: chosen.model })
    return await recorded(db, id, () => perform(order, { chosen, inputs, key, id }))
  } finally {
    db.close()
  }
}

/** How a batch ended is in the lineage, whatever happens to it. */
async function recorded(db: Database, id: string, work: () => Promise<BatchResult>): Promise<BatchResult> {
  try {
    const result = await work()
    const { out, rejectedFile, rows, rejected } = result
    const rejectedHash = rejectedFile === undefined ? undefined : await hashLargeFile(rejectedFile)
    endBatch(db, id, {
      status: 'done',
      rows,
      rejected,
      outputHash: await hashLargeFile(out),
      ...(rejectedHash && { rejectedHash }),
    })
    return result
  } catch (error) {
    const cancelled = error instanceof ProblemError && error.code === 'cancelled'
    const problem = error instanceof Error ? error.message.slice(0, 500) : String(error)
    endBatch(db, id, cancelled ? { status: 'cancelled' } : { status: 'failed', problem })
    throw error
  }
}

async function perform(
  order: BatchOrder,
  a: { readonly chosen: ChosenVersion; readonly inputs: readonly InputFile[]; readonly key: Hash; readonly id: string },
): Promise<BatchResult> {
  const files = openContentFiles(artifactsFolder(order.project))
  const scorer = await openBatchModel(files, order.name, a.chosen)
  const queue = order.cases && scorer.automate ? openQueue(queueFile(order.project)) : undefined
  try {
    const cancelled = () => order.signal?.aborted === true
    const work: Work = {
      order,
      scorer,
      key: a.key.slice(0, 16),
      queue,
      folder: openBatchFolder(path.join(storeFolder(order.project), 'batches', a.key.slice(0, 16))),
      inputs: a.inputs,
      check: frameChecker(scorer.model.features, scorer.contract),
      cancelled,
      throwIfCancelled() {
        if (cancelled()) throw new ProblemError({ code: 'cancelled', message: 'The batch was cancelled.' })
      },
    }
    const result = await scoreInputs(work)
    work.folder.remove()
    return { ...result, id: a.id, version: a.chosen.version, model: a.chosen.model, out: order.out }
  } finally {
    queue?.close()
    await scorer.close()
  }
}

async function readInputs({ files }: BatchOrder): Promise<readonly InputFile[]> {
  const inputs: InputFile[] = []
  for (const file of files) {
    if (!existsSync(file) || !statSync(file).isFile())
      throw new ProblemError({
        code: 'file-unreadable',
        message: `There is no file ${file}.`,
        fix: 'Name files that are there.',
      })
    inputs.push({ path: file, name: path.basename(file), bytes: statSync(file).size, hash: await hashLargeFile(file) })
  }
  return inputs
}

/** The same rows, model and questions give the same key, whatever the files are called. */
function batchKey(
  { name, reasons, keep, cases }: BatchOrder,
  { version, model, schema, automation }: ChosenVersion,
  inputs: readonly InputFile[],
): Hash {
  const hashes = inputs.map(({ hash }) => hash)
  return hashBytes(
    canonicalJson({
      name,
      version,
      model,
      schema,
      reasons: reasons === true,
      cases: cases === true,
      automation,
      keep,
      hashes,
    }),
  )
}

async function scoreInputs(work: Work): Promise<Omit<BatchResult, 'id' | 'version' | 'model' | 'out'>> {
  const { order, folder, inputs } = work
  const whole = inputs.reduce((sum, { bytes }) => sum + bytes, 0) || 1
  const sources: BatchSource[] = []
  const parts: string[] = []
  const refused: { name: string; unreadable: string; parts: string[] }[] = []
  let columns: readonly Column[] | undefined
  let [before, seen, keptParts] = [0, 0, 0]
  let counts = { rows: 0, rejected: 0, forPeople: 0 }
  for (const [place, input] of inputs.entries()) {
    const source = folder.source(place) ?? (await readSource(work, place, input))
    sources.push(source)
    const carried = carriedColumns(work, source, sources[0]!, input)
    const added = addedColumns(work, carried).map(({ column }) => column)
    const file = openParquet(source.rows)
    const own = { name: input.name, unreadable: source.rejected, parts: [] as string[] }
    counts = { ...counts, rejected: counts.rejected + source.rejectedRows }
    try {
      const groups = Math.max(1, file.groups.length)
      for (let group = 0; group < groups; group++) {
        work.throwIfCancelled()
        if (folder.part(place, group)) keptParts++
        else await scorePart(work, { place, group, source, carried, file })
        const part = folder.part(place, group)!
        parts.push(part.rows)
        if (part.rejected) own.parts.push(part.rejected)
        const { rows, forPeople } = countsOf(part.rows, added[0]!)
        const rejected = part.rejected ? rowsOf(part.rejected) : 0
        counts = {
          rows: counts.rows + rows,
          rejected: counts.rejected + rejected,
          forPeople: counts.forPeople + forPeople,
        }
        seen += rows + rejected
        order.onProgress?.({ fraction: (before + (input.bytes * (group + 1)) / groups) / whole, rows: seen })
      }
    } finally {
      file.close()
    }
    before += input.bytes
    refused.push(own)
    columns ??= [...carried, ...added]
  }
  const joining = { temporary: path.join(folder.path, 'temporary'), cancelled: work.cancelled }
  await joinParts(joining, parts, columns!, order.out)
  const rejectedFile = order.rejected ?? `${order.out.replace(/\.[^.\\/]+$/, '')}.rejected.csv`
  // A file of an earlier batch would be taken for this one's.
  const isWanted = counts.rejected > 0 || order.rejected !== undefined || existsSync(rejectedFile)
  if (isWanted) await joinRejected(joining, refused, rejectedFile)
  return { ...counts, keptParts, ...(isWanted && { rejectedFile }) }
}

async function readSource(work: Work, place: number, input: InputFile): Promise<BatchSource> {
  const { folder, scorer, cancelled, throwIfCancelled } = work
  const source = await ingestSource({
    file: input.path,
    features: scorer.model.features,
    folder: folder.sourceFolder(place),
    cancelled,
    throwIfCancelled,
  })
  folder.keepSource(place, source)
  return source
}

/** Columns of the input that go along; those of every file are those of the first. */
function carriedColumns(
  { order }: Work,
  source: BatchSource,
  first: BatchSource,
  { name }: InputFile,
): readonly Column[] {
  const wanted = order.keep ?? first.columns.map((column) => column.name).filter((one) => one !== lineColumn)
  return wanted.map((one) => {
    const column = source.columns.find((candidate) => candidate.name === one)
    const expected = first.columns.find((candidate) => candidate.name === one)
    if (column && column.type === expected?.type) return column
    throw new ProblemError({
      code: column ? 'column-type' : 'column-unknown',
      message: column
        ? `${name} has "${one}" as ${column.type}, the first file as ${expected?.type}.`
        : `${name} has no column "${one}" to go along.`,
      columns: [one],
      fix: 'Score files with other columns apart, or name the columns that go along with --keep.',
    })
  })
}

/** Rows of a part, and those of them that are for people. */
function countsOf(file: string, decision: Column): { readonly rows: number; readonly forPeople: number } {
  const opened = openParquet(file)
  try {
    const forPeople = opened.groups.reduce((sum, _, group) => sum + opened.statistics(group, decision).missing, 0)
    return { rows: opened.rows, forPeople }
  } finally {
    opened.close()
  }
}

function rowsOf(file: string): number {
  const opened = openParquet(file)
  opened.close()
  return opened.rows
}
