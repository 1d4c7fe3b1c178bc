import {
  type AnyNode,
  type CustomNodeEntry,
  type CustomNodes,
  type Hash,
  type Problem,
  ProblemError,
  problemsOf,
} from '#contract'
import type { WorkerPool } from '../worker-pool.ts'
import { customFolder, customStamp, type FoundFolder, type FoundNode, findCustomNodes } from './custom-folder.ts'
import { askCustom, type CustomProcessOptions, customPool } from './custom-process.ts'
import { type InferAnswer, type NodeDescription, proxyNode } from './proxy-node.ts'
import { openTrustedFolders } from './trusted-folders.ts'

/** The project's own nodes: found without running anything, loaded each in a process of its own once trusted. */
export interface CustomShelf {
  /** Another array each time they were loaded. */
  readonly nodes: readonly AnyNode[]
  /** The content that the loaded nodes are made of; empty when there are none. */
  readonly stamp: string
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
  readonly problem?: Problem
}

const lookEveryMs = 1_000

export async function openCustomNodes(
  options: CustomProcessOptions & { readonly settings?: string | undefined; readonly onChange: () => void },
): Promise<CustomShelf> {
  const { project } = options
  const trusted = openTrustedFolders(options.settings)
  let stamp = ''
  let found: FoundFolder | undefined
  let fault: Problem | undefined
  let loaded: readonly Loaded[] = []
  let ready: readonly AnyNode[] = []
  let following = false
  let busy: Promise<void> = Promise.resolve()

  const isTrusted = () => found !== undefined && trusted.has(found.hash)

  /** Looks at the folder, and loads what is trusted. */
  async function load(): Promise<void> {
    for (const { pool } of loaded) pool?.close()
    loaded = []
    try {
      stamp = customStamp(project)
      found = findCustomNodes(project)
      fault = undefined
    } catch (error) {
      found = undefined
      fault = problemsOf(error)[0]!
    }
    if (found && following) trusted.add(found.hash, project)
    if (found && isTrusted())
      loaded = await Promise.all(found.nodes.map((node) => loadNode(node, found!.hash, options)))
    ready = loaded.flatMap(({ node }) => node ?? [])
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

  function state(): CustomNodes {
    const entries = (found?.nodes ?? []).map((node) =>
      entryOf(
        node,
        loaded.find((one) => one.found.name === node.name),
      ),
    )
    return {
      folder: customFolder,
      ...(found && { hash: found.hash }),
      trusted: isTrusted(),
      following,
      nodes: fault ? [{ ...broken, problem: fault }] : entries,
    }
  }

  await inTurn(load)
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return {
    get nodes() {
      return ready
    },
    get stamp() {
      return loaded.length > 0 ? found!.hash : ''
    },
    pool: (type) => loaded.find(({ node }) => node?.type === type)?.pool,
    file: (type) => loaded.find(({ node }) => node?.type === type)?.found.file,
    same: () => !changed(),
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
      for (const { pool } of loaded) pool?.close()
    },
  }
}

const broken: Omit<CustomNodeEntry, 'problem'> = {
  name: customFolder,
  type: '',
  state: 'broken',
  permissions: { read: [], network: false, native: false },
}

function entryOf(found: FoundNode, loaded: Loaded | undefined): CustomNodeEntry {
  const { name, type, permissions } = found
  const problem = loaded?.problem ?? found.problem
  const state = problem ? 'broken' : loaded?.node ? 'ready' : 'untrusted'
  return { name, type, state, permissions, ...(problem && { problem }) }
}

/** A node that can not be loaded is told of; the others are not touched. */
async function loadNode(found: FoundNode, hash: Hash, options: CustomProcessOptions): Promise<Loaded> {
  if (found.problem) return { found, problem: found.problem }
  if (process.versions.electron !== undefined) return { found, problem: noFence }
  const pool = customPool(found, hash, options)
  const ask = (question: Parameters<typeof askCustom>[2]) => askCustom(pool, found.type, question)
  try {
    const description = (await ask({ kind: 'describe' })) as NodeDescription
    const infer = async (question: Parameters<Parameters<typeof proxyNode>[2]>[0]) =>
      (await ask({ kind: 'infer', ...question })) as InferAnswer
    return { found, pool, node: proxyNode(description, found.type, infer) }
  } catch (error) {
    pool.close()
    return { found, problem: problemsOf(error)[0]! }
  }
}

const noFence: Problem = {
  code: 'not-supported',
  message: 'The desktop program has no fence for custom nodes.',
  fix: 'Open the project in the browser with "plumbline open".',
}

const otherContent = () =>
  new ProblemError({
    code: 'not-found',
    message: `The folder ${customFolder} has changed since it was shown.`,
    fix: 'Look at it again, then trust it.',
  })
