/**
 * Entry of the processes that run steps, one step at a time. Whatever a node does here (a busy loop, a crash of native
 * code) ends at most this process.
 */
import module from 'node:module'
import os from 'node:os'
import { type AnyNode, ProblemError, type ReportBlock } from '#contract'
import { type ContentFiles, openContentFiles } from '#store/content-files'
import { accessProblems } from './custom/access-problems.ts'
import { answerQuestion, type Question } from './custom/answer-question.ts'
import { performStep } from './perform-step.ts'
import type { FromWorker, StepTask, ToWorker, WorkerSetup } from './worker-messages.ts'

interface Port {
  postMessage(message: FromWorker): void
  on(event: 'message', listener: (event: { data: ToWorker }) => void): unknown
}

const progressEveryMs = 50
const picturesEveryMs = 250
const mostLogLines = 1_000
const mostLeftBytes = 4 * 1_048_576

const parentPort = (process as unknown as { parentPort?: Port }).parentPort
const parent = process.ppid
let cancelled: number | undefined
let finishing: number | undefined
/** The step at work, and what gives it more threads. */
let current: number | undefined
let grow: ((threads: number) => void) | undefined
let world: { readonly setup: WorkerSetup; readonly store: ContentFiles } | undefined

function send(message: FromWorker): void {
  if (parentPort) parentPort.postMessage(message)
  else if (process.connected) process.send?.(message)
}

/** A window and the engine behind it get the processor first, also while steps use every core. */
function standBack(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // not every system lets a process choose
  }
}

async function setUp(setup: WorkerSetup): Promise<void> {
  if (setup.window) standBack()
  try {
    if (!setup.nodes) await loadCatalogue(setup)
    world = { setup, store: openContentFiles(setup.artifacts) }
    send({ t: 'ready' })
  } catch (error) {
    send({ t: 'broken', problems: accessProblems(error) })
  }
}

async function loadCatalogue({ catalogueUrl }: WorkerSetup): Promise<readonly AnyNode[]> {
  const { catalogue } = (await import(catalogueUrl)) as { catalogue: readonly AnyNode[] }
  return catalogue
}

async function loadNode(setup: WorkerSetup, type: string): Promise<AnyNode | undefined> {
  const address = setup.nodes?.[type]
  if (address === undefined) return (await loadCatalogue(setup)).find((node) => node.type === type)
  return ((await import(address)) as { default: AnyNode }).default
}

/** Ahead of the first step of its type; what is wrong with a module is said by the step. */
async function loadAhead(types: readonly string[]): Promise<void> {
  for (const type of types) {
    const address = world?.setup.nodes?.[type]
    if (address !== undefined && current === undefined) await import(address).catch(() => {})
  }
}

async function perform(task: StepTask): Promise<void> {
  const { id } = task
  const before = process.memoryUsage.rss()
  current = id
  try {
    const { setup, store } = world!
    const node = await loadNode(setup, task.type)
    if (!node) throw new ProblemError({ code: 'node-unknown', message: `There is no node type ${task.type}.` })
    const made = await performStep(node, task, store, {
      project: setup.project,
      engineVersion: setup.engineVersion,
      onProgress: throttledProgress(id),
      onLog: boundedLog(id),
      onShow: steadyPictures(id),
      onCrew(giveThreads) {
        grow = giveThreads
        send({ t: 'crew', id })
      },
      finishing: () => finishing === id,
      // A loop that never yields hears no message, but it can see that its engine is gone.
      cancelled: () => cancelled === id || process.ppid !== parent,
    })
    if (process.memoryUsage.rss() - before > heavyBytes(setup)) send({ t: 'heavy' })
    send({ t: 'done', id, made })
  } catch (error) {
    send({ t: 'failed', id, problems: accessProblems(error) })
  }
  current = undefined
  grow = undefined
  dropArrays()
  // Processes are ended without warning: what they compiled would be lost.
  module.flushCompileCache()
}

/** Who works in a window runs steps again and again, and a process that has run a step before runs it faster. */
const heavyBytes = ({ window }: WorkerSetup) => (window ? 256 : 24) * 1_048_576

/** Arrays of a step that has ended: V8 sees how small the objects are that hold them and waits for more. */
function dropArrays(): void {
  if (process.memoryUsage().arrayBuffers > mostLeftBytes) globalThis.gc?.()
}

/** Of a custom node, whose code is nowhere but here. */
async function answer(id: number, type: string, question: Question): Promise<void> {
  try {
    const catalogue = await loadCatalogue(world!.setup)
    const node = catalogue.find((one) => one.type === type) ?? catalogue[0]!
    send({ t: 'answer', id, answer: await answerQuestion(node, question) })
  } catch (error) {
    send({ t: 'failed', id, problems: accessProblems(error) })
  }
}

function throttledProgress(id: number) {
  let last = Number.NEGATIVE_INFINITY
  return (fraction: number, note?: string) => {
    const now = performance.now()
    if (now - last < progressEveryMs) return
    last = now
    send({ t: 'progress', id, fraction, ...(note === undefined ? {} : { note }) })
  }
}

/** The newest picture, a few times a second. */
function steadyPictures(id: number) {
  let waiting: readonly ReportBlock[] | undefined
  let last = Number.NEGATIVE_INFINITY
  let planned = false
  const flush = () => {
    planned = false
    last = performance.now()
    if (waiting && current === id) send({ t: 'live', id, blocks: waiting })
    waiting = undefined
  }
  return (blocks: readonly ReportBlock[]) => {
    waiting = blocks
    const due = last + picturesEveryMs - performance.now()
    if (due <= 0) return flush()
    if (!planned) setTimeout(flush, due)
    planned = true
  }
}

function boundedLog(id: number) {
  let lines = 0
  return (message: string, level: 'info' | 'warning') => {
    lines++
    if (lines <= mostLogLines) send({ t: 'log', id, level, message: message.slice(0, 2_000) })
    if (lines === mostLogLines) send({ t: 'log', id, level: 'warning', message: 'Further lines are left out.' })
  }
}

function receive(message: ToWorker): void {
  if (message.t === 'setup') void setUp(message.setup)
  else if (message.t === 'expect') void loadAhead(message.types)
  else if (message.t === 'cancel') cancelled = message.id
  else if (message.t === 'finish') finishing = message.id
  else if (message.t === 'threads') {
    if (message.id === current) grow?.(message.threads)
  } else if (message.t === 'ask') void answer(message.id, message.type, message.question)
  else void perform(message.task)
}

if (parentPort) parentPort.on('message', (event) => receive(event.data))
else {
  process.on('message', receive)
  process.once('disconnect', () => process.exit(0))
  // A terminal sends Ctrl+C to this process too; the engine says when to end.
  process.on('SIGINT', () => {})
}
