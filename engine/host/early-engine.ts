import { existsSync } from 'node:fs'
import path from 'node:path'
import { type AnyNode, type Engine, type EngineMethod, engineMethods, type RunEvent } from '#contract'
import { describeNode } from '#graph/describe-node'
import { customFolder } from '#run/custom/custom-folder'
import { engineInfo } from '#run/engine-info'
import { fileDesk } from '#run/file-desk'

/** What can be answered before the engine is up. */
export type EarlyAnswers = Partial<Engine>

/**
 * What a window needs to show a pipeline and to keep its edits, in the very words of the whole engine, from files alone.
 * Where a project has nodes of its own only the whole engine knows what they are: its nodes and files wait for it.
 */
export function earlyAnswers(project: string, catalogue: readonly AnyNode[]): EarlyAnswers {
  const { openFile, ...files } = fileDesk(project, () => catalogue)
  const info = async () => engineInfo({ project })
  if (existsSync(path.join(project, customFolder))) return { ...files, info }
  const cards = catalogue.map(describeNode)
  return { ...files, openFile, info, catalogue: async () => cards }
}

/** An engine that is still starting: gives the early answers meanwhile; other calls wait for it. */
export function startingEngine(early: EarlyAnswers, starting: Promise<Engine>): Engine {
  let whole: Engine | undefined
  starting.then(
    (engine) => {
      whole = engine
    },
    () => {},
  )
  const call = (method: EngineMethod) => async (argument: unknown) => {
    const answering = whole ?? (early[method] ? early : await starting)
    return (answering[method] as (argument: unknown) => Promise<unknown>)(argument)
  }
  const methods = Object.fromEntries(engineMethods.map((method) => [method, call(method)]))
  const subscribe = (listener: (event: RunEvent) => void) => {
    let stopped = false
    let stop = () => {}
    starting.then(
      (engine) => {
        if (!stopped) stop = engine.subscribe(listener)
      },
      () => {},
    )
    return () => {
      stopped = true
      stop()
    }
  }
  return { ...methods, subscribe } as unknown as Engine
}
