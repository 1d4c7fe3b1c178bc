import { realpathSync } from 'node:fs'
import {
  type AnyNode,
  type CustomNodeEntry,
  type CustomNodes,
  type Hash,
  type PipelineDocument,
  type Problem,
  ProblemError,
  problemsOf,
} from '#contract'
import type { WorkerPool } from '../worker-pool.ts'
import { checkCustomTypes, type TypeFindings } from './check-types.ts'
import { customFolder, customStamp, type FoundFolder, type FoundNode, findCustomNodes } from './custom-folder.ts'
import { askCustom, type CustomProcessOptions, customPool } from './custom-process.ts'
import { networkLock, nodeHoldsNetwork } from './network-lock.ts'
import {
  type MigrateAnswer,
  type MigrateQuestion,
  olderNodes,
  type ProxyMigrations,
  proxyMigrations,
} from './proxy-migrations.ts'
import { type InferAnswer, type InferQuestion, type NodeDescription, proxyNode } from './proxy-node.ts'
import { openTrustedFolders } from './trusted-folders.ts'

/** The project's own nodes: found without running anything, loaded each in a process of its own once trusted. */
export interface CustomShelf {
  /** Another array each time they were loaded. */
  readonly nodes: readonly AnyNode[]
  /** The content that the nodes are made of, and whether it is trusted; empty when there is none. */
  readonly stamp: string
  /** Asks the nodes what became of the parameters of older versions in this document, so that it can be migrated. */
  learnMigrations(document: PipelineDocument): Promise<void>
  /** Why the catalogue lacks a node of the project: not trusted, or broken; nothing when it has none of that type. */
  whyAbsent(type: string): readonly Problem[]
  /** Processes for a custom node's type. */
  pool(type: string): WorkerPool | undefined
  /** Its file, for the cache key. */
  file(type: string): string | undefined
  /** Whether the folder still is what the loaded nodes are made of. */
  same(): boolean
  /** As the folder stands now. */
  state(): Promise<CustomNodes>
  trust(a: { hash: string; follow?: boolean }): Promise<CustomNodes>
  distrust(): Promise<CustomNodes>
  close(): void
}

interface Loaded {
  readonly found: FoundNode
  readonly pool?: WorkerPool
  readonly node?: AnyNode
  readonly migrations?: ProxyMigrations
  readonly problems: readonly Problem[]
}

const lookEveryMs = 1_000

export async function openCustomNodes(
  given: CustomProcessOptions & { readonly settings?: string | undefined; readonly onChange: () => void },
): Promise<CustomShelf> {
  // Where it really lies: what a fenced process may read does not include links that lead there.
  const project = realpathSync(given.project)
  const options = { ...given, project }
  const trusted = openTrustedFolders(options.settings)
  const types = createTypeChecks(project)
  let stamp = ''
  let found: FoundFolder | undefined
  let fault: Problem | undefined
  let loaded: readonly Loaded[] = []
  let ready: readonly AnyNode[] = []
  let following = false
  let busy: Promise<void> = Promise.resolve()

  const isTrusted = () => found !== undefined && trusted.has(found.hash)

  /** Looks at the folder, has its types checked, and loads what is trusted and fits. */
  async function load(): Promise<void> {
    const before = loaded
    try {
      stamp = customStamp(project)
      found = findCustomNodes(project)
      fault = undefined
    } catch (error) {
      found = undefined
      fault = problemsOf(error)[0]!
    }
    if (found && following) trusted.add(found.hash, project)
    const now = found
    const checked = now && types.check(now)
    if (now && isTrusted()) {
      const findings = await checked
      loaded = await Promise.all(now.nodes.map((node) => loadNode(node, now.hash, findings, options)))
    } else {
      loaded = []
      checked?.then(options.onChange, () => {})
    }
    ready = loaded.flatMap(({ node }) => node ?? [])
    for (const { pool } of before) pool?.close()
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    busy = busy.then(work, work)
    return busy
  }
  const changed = () => {
    try {
      return customStamp(project) !== stamp
    } catch {
      return fault === undefined
    }
  }
  const look = async () => {
    if (!changed()) return
    await inTurn(async () => {
      if (!changed()) return
      await load()
      options.onChange()
    })
  }
  const entries = () => {
    const untrusted = (node: FoundNode): Loaded => ({ found: node, problems: problemsOfNode(node, types.found(found)) })
    const shown = isTrusted() ? loaded : (found?.nodes ?? []).map(untrusted)
    return shown.map((one) => entryOf(one, isTrusted()))
  }

  const state = (): CustomNodes => ({
    folder: customFolder,
    ...(found && { hash: found.hash }),
    trusted: isTrusted(),
    following,
    types: types.state(found),
    network: nodeHoldsNetwork || networkLock().length > 0 ? 'locked' : 'removed',
    nodes: fault ? [{ ...unread, problems: [fault] }] : entries(),
  })

  await inTurn(load)
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return {
    get nodes() {
      return ready
    },
    get stamp() {
      return found ? `${found.hash}${isTrusted() ? '' : ' untrusted'}` : ''
    },
    pool: (type) => loaded.find(({ node }) => node?.type === type)?.pool,
    file: (type) => loaded.find(({ node }) => node?.type === type)?.found.file,
    same: () => !changed(),
    async learnMigrations(document) {
      const types = new Map(loaded.flatMap((one) => (one.node ? [[one.node.type as string, one] as const] : [])))
      if (types.size === 0) return
      const versions = new Map([...types].map(([type, { node }]) => [type, node!]))
      const asked = olderNodes(document, versions).map(({ type, version, params }) =>
        types.get(type)?.migrations?.learn({ from: version, params: params as MigrateQuestion['params'] }),
      )
      await Promise.all(asked)
    },
    whyAbsent(type) {
      const entry = entries().find((one) => one.type === type)
      return entry ? absence(entry) : []
    },
    async state() {
      await look()
      return state()
    },
    async trust({ hash, follow = false }) {
      await inTurn(async () => {
        if (findCustomNodes(project)?.hash !== hash) throw otherContent()
        trusted.add(hash as Hash, project)
        following = follow
        await load()
      })
      options.onChange()
      return state()
    },
    async distrust() {
      await inTurn(async () => {
        following = false
        if (found) trusted.remove(found.hash)
        await load()
      })
      options.onChange()
      return state()
    },
    close() {
      clearInterval(timer)
      types.close()
      for (const { pool } of loaded) pool?.close()
    },
  }
}

/** The type check of the folder as it stands; asked again about the same content, it answers what it found before. */
function createTypeChecks(project: string) {
  let last:
    | { hash: Hash; answer: Promise<TypeFindings | undefined>; findings?: TypeFindings; ended: boolean }
    | undefined
  let stop = new AbortController()
  const of = (folder: FoundFolder | undefined) => (folder && last?.hash === folder.hash ? last : undefined)
  return {
    check(folder: FoundFolder): Promise<TypeFindings | undefined> {
      const known = of(folder)
      if (known) return known.answer
      stop.abort()
      stop = new AbortController()
      const names = folder.nodes.filter(({ problem }) => !problem).map(({ name }) => name)
      const answer = checkCustomTypes(project, names, stop.signal)
      const check: NonNullable<typeof last> = { hash: folder.hash, answer, ended: false }
      last = check
      const end = (findings?: TypeFindings) => Object.assign(check, { ended: true, ...(findings && { findings }) })
      answer.then(end, () => end())
      return answer
    },
    found: (folder: FoundFolder | undefined) => of(folder)?.findings,
    state(folder: FoundFolder | undefined): CustomNodes['types'] {
      const check = of(folder)
      if (!check) return 'checked'
      return check.ended ? (check.findings ? 'checked' : 'unknown') : 'checking'
    },
    close: () => stop.abort(),
  }
}

const unread: Omit<CustomNodeEntry, 'problems'> = {
  name: customFolder,
  type: '',
  state: 'broken',
  permissions: { read: [], network: false, native: false },
}

/** What is wrong with a node before any of its code runs. */
function problemsOfNode(node: FoundNode, findings: TypeFindings | undefined): readonly Problem[] {
  return node.problem ? [node.problem] : (findings?.get(node.name) ?? [])
}

function entryOf({ found, node, problems }: Loaded, isTrusted: boolean): CustomNodeEntry {
  const { name, type, permissions } = found
  return { name, type, permissions, problems, state: !isTrusted ? 'untrusted' : node ? 'ready' : 'broken' }
}

/** Why a node of the project stands on the canvas as a placeholder. */
function absence({ type, state, problems }: CustomNodeEntry): readonly Problem[] {
  if (state === 'untrusted') return [untrustedNode(type)]
  return problems.map((problem) => ({
    ...problem,
    message: `The custom node ${type} does not run: ${problem.message}`,
  }))
}

const untrustedNode = (type: string): Problem => ({
  code: 'node-unknown',
  message: `"${type}" is a node of this project that is not trusted, so none of its code runs.`,
  fix: 'Trust the custom nodes of this project in the app or with "plumbline node trust", or remove the node.',
})

/** A node that can not be loaded is told of; the others are not touched. */
async function loadNode(
  found: FoundNode,
  hash: Hash,
  findings: TypeFindings | undefined,
  options: CustomProcessOptions,
): Promise<Loaded> {
  const problems = problemsOfNode(found, findings)
  if (problems.length > 0) return { found, problems }
  let pool: WorkerPool | undefined
  try {
    pool = customPool(found, hash, options)
    const asked = pool
    const ask = (question: Parameters<typeof askCustom>[2]) => askCustom(asked, found.type, question)
    const description = (await ask({ kind: 'describe' })) as NodeDescription
    const migrations = proxyMigrations(
      description.migrates,
      async (question) => (await ask({ kind: 'migrate', ...question })) as MigrateAnswer,
    )
    const infer = async (question: InferQuestion) => (await ask({ kind: 'infer', ...question })) as InferAnswer
    return {
      found,
      pool,
      migrations,
      node: proxyNode(description, found.type, migrations.migrate, infer),
      problems: [],
    }
  } catch (error) {
    pool?.close()
    return { found, problems: problemsOf(error).slice(0, 1) }
  }
}

const otherContent = () =>
  new ProblemError({
    code: 'not-found',
    message: `The folder ${customFolder} has changed since it was shown.`,
    fix: 'Look at it again, then trust it.',
  })
