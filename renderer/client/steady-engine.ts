import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Channel, connectEngine, type Engine, engineMethods, type RunEvent } from '#contract'

export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

const retryMs = [200, 500, 1_000, 2_000, 5_000] as const

export interface SteadyEngine {
  readonly engine: Engine
  readonly connection: StoreApi<{ readonly state: Connection }>
}

/**
 * An engine that survives the loss of its channel: calls under way are refused, later ones wait for the next channel,
 * listeners stay. `open` is asked again, ever more slowly, until it gives a channel or `refused` says it never will.
 */
export function steadyEngine(open: () => Promise<Channel>, refused: (error: unknown) => boolean): SteadyEngine {
  const connection = createStore<{ readonly state: Connection }>(() => ({ state: 'connecting' }))
  const listeners = new Set<(event: RunEvent) => void>()
  let current = connect()

  async function connect(): Promise<Engine> {
    for (let attempt = 0; ; attempt++) {
      try {
        return attach(await open())
      } catch (error) {
        if (refused(error)) {
          connection.setState({ state: 'refused' })
          throw error
        }
        if (attempt > 0) connection.setState({ state: 'lost' })
        await new Promise((resolve) => setTimeout(resolve, retryMs[Math.min(attempt, retryMs.length - 1)]))
      }
    }
  }

  function attach(channel: Channel): Engine {
    const engine = connectEngine(channel)
    channel.onClose(() => {
      connection.setState({ state: 'lost' })
      current = connect()
      current.catch(() => {})
    })
    engine.subscribe((event) => {
      for (const listener of listeners) listener(event)
    })
    connection.setState({ state: 'open' })
    return engine
  }

  current.catch(() => {})
  const call = (method: (typeof engineMethods)[number]) => async (argument: unknown) =>
    ((await current)[method] as (argument: unknown) => Promise<unknown>)(argument)
  const methods = Object.fromEntries(engineMethods.map((method) => [method, call(method)]))
  const subscribe = (listener: (event: RunEvent) => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return { engine: { ...methods, subscribe } as unknown as Engine, connection }
}
