import { describe, expect, it, vi } from 'vitest'
import { type Channel, exposeEngine, type Message } from '#contract'
import { createSampleEngine } from './sample-engine.test-support.ts'
import { steadyEngine } from './steady-engine.ts'

/** Two ends of a channel in memory, and the scissors. */
function joined() {
  const ends = [0, 1].map(() => ({ listeners: [] as ((message: Message) => void)[], closers: [] as (() => void)[] }))
  const end = (mine: number): Channel => ({
    send: (message) =>
      queueMicrotask(() => ends[1 - mine]!.listeners.forEach((listener) => listener(structuredClone(message)))),
    onMessage: (listener) => ends[mine]!.listeners.push(listener),
    onClose: (listener) => ends[mine]!.closers.push(listener),
  })
  const cut = () => ends.flatMap(({ closers }) => closers).forEach((close) => close())
  return { near: end(0), far: end(1), cut }
}

describe('steady engine', () => {
  it('comes back after its channel is lost, with its listeners', async () => {
    const real = createSampleEngine()
    const cuts: (() => void)[] = []
    const open = async () => {
      const { near, far, cut } = joined()
      exposeEngine(far, real)
      cuts.push(cut)
      return near
    }
    const { engine, connection } = steadyEngine(open, () => false)
    const heard = vi.fn()
    engine.subscribe(heard)
    expect((await engine.info()).projectName).toBe('Sample project')
    const states: string[] = []
    connection.subscribe(({ state }) => states.push(state))
    cuts[0]!()
    expect((await engine.catalogue()).length).toBeGreaterThan(5)
    expect(states).toEqual(['lost', 'open'])
    real.stepMs = 1
    await engine.run({
      document: {
        format: 1,
        name: 'x',
        description: '',
        seed: 1,
        nodes: { read: { type: 'data/read-file', version: 1, params: {} } },
        edges: [],
        inputs: {},
        layout: {},
        frames: [],
        notes: [],
      },
    })
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(expect.objectContaining({ type: 'run', status: 'done' })))
  })

  it('stops trying when it is refused, and says so to every caller', async () => {
    const open = vi.fn(async (): Promise<Channel> => {
      throw new Error('refused')
    })
    const { engine, connection } = steadyEngine(open, () => true)
    await expect(engine.info()).rejects.toThrow('refused')
    expect(connection.getState().state).toBe('refused')
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('tries again until the engine is there', async () => {
    let tries = 0
    const open = async () => {
      if (++tries < 3) throw new Error('not yet')
      const { near, far } = joined()
      exposeEngine(far, createSampleEngine())
      return near
    }
    const { engine } = steadyEngine(open, () => false)
    expect((await engine.info()).version).toBe('0.1.0')
    expect(tries).toBe(3)
  })
})
