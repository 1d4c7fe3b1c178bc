import { type Engine, type EngineMethod, engineMethods, type RunEvent } from './engine.ts'
import { type Problem, ProblemError, problemsOf } from './problem.ts'

/** What crosses a process border. Structured-clone safe; a WebSocket frames `Uint8Array`s apart. */
export type Message =
  | { readonly t: 'call'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly t: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly t: 'refusal'; readonly id: number; readonly problems: readonly Problem[] }
  | { readonly t: 'event'; readonly event: RunEvent }

export interface Channel {
  send(message: Message): void
  onMessage(listener: (message: Message) => void): void
  onClose(listener: () => void): void
}

const allowed: ReadonlySet<string> = new Set(engineMethods)

/** The engine at the far end of a channel. Calls under way are refused when the channel closes. */
export function connectEngine(channel: Channel): Engine {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const listeners = new Set<(event: RunEvent) => void>()
  let next = 1
  let closed = false
  const gone = () =>
    new ProblemError({
      code: 'internal',
      message: 'The connection to the engine is closed.',
      fix: 'Open Plumbline again; nothing that was saved is lost.',
    })
  channel.onMessage((message) => {
    if (message.t === 'event') for (const listener of listeners) listener(message.event)
    if (message.t !== 'answer' && message.t !== 'refusal') return
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.t === 'answer') call?.resolve(message.value)
    else call?.reject(new ProblemError(message.problems))
  })
  channel.onClose(() => {
    closed = true
    for (const call of waiting.values()) call.reject(gone())
    waiting.clear()
  })
  const call = (method: EngineMethod) => (argument: unknown) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(gone())
      const id = next++
      waiting.set(id, { resolve, reject })
      channel.send({ t: 'call', id, method, argument })
    })
  const methods = Object.fromEntries(engineMethods.map((method) => [method, call(method)]))
  const subscribe = (listener: (event: RunEvent) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { ...methods, subscribe } as unknown as Engine
}

/** Answers a channel with an engine; methods that are not in the contract are refused. */
export function exposeEngine(channel: Channel, engine: Engine): void {
  const stop = engine.subscribe((event) => channel.send({ t: 'event', event }))
  channel.onClose(stop)
  channel.onMessage(async (message) => {
    if (message.t !== 'call') return
    try {
      if (!allowed.has(message.method))
        throw new ProblemError({ code: 'not-found', message: `The engine has no method "${message.method}".` })
      const method = engine[message.method as EngineMethod] as (argument: unknown) => Promise<unknown>
      channel.send({ t: 'answer', id: message.id, value: await method.call(engine, message.argument) })
    } catch (error) {
      channel.send({ t: 'refusal', id: message.id, problems: problemsOf(error) })
    }
  })
}
