/** The engine's process may die at any moment: the window is told, and finds a new engine on the same token. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeCodes, connectEngine, ProblemError } from '#contract'
import { createEngineHost, type EngineHost } from '#host/engine-host'
import { type Loopback, startLoopback } from '#host/loopback'
import { openSocket } from './transports.ts'

const project = mkdtempSync(path.join(os.tmpdir(), 'plumbline-lost-'))
let engines: EngineHost
let loopback: Loopback
beforeAll(async () => {
  writeFileSync(path.join(project, 'plumbline.json'), '{"format":1,"name":"Lost"}')
  engines = createEngineHost({ project })
  loopback = await startLoopback({ renderer: project, project, engines })
})
afterAll(async () => {
  await loopback.close()
  rmSync(project, { recursive: true, force: true })
})

test('a killed engine closes its windows with a reason, and the next connection gets a new one', async () => {
  const { socket, channel, token } = await openSocket(loopback)
  const engine = connectEngine(channel)
  expect(await engine.info()).toMatchObject({ projectName: 'Lost' })
  const killed = engines.pid()!
  const closed = once(socket, 'close')
  process.kill(killed, 'SIGKILL')
  const [code, reason] = (await closed) as [number, Buffer]
  expect(code).toBe(closeCodes.engineLost)
  expect(String(reason)).toBe('The engine ended and is being restarted.')
  await expect(engine.info()).rejects.toThrow('closed')

  const again = await openSocket(loopback, token)
  expect(await connectEngine(again.channel).info()).toMatchObject({ projectName: 'Lost' })
  expect(engines.pid()).not.toBe(killed)
  again.socket.close()
})

test('two windows share one engine, and each gets the answers to its own calls', async () => {
  const [first, second] = await Promise.all([openSocket(loopback), openSocket(loopback)])
  const [one, two] = [connectEngine(first.channel), connectEngine(second.channel)]
  const [info, cards] = await Promise.all([one.info(), two.catalogue()])
  expect(info.projectName).toBe('Lost')
  expect(cards.length).toBeGreaterThan(0)
  const pid = engines.pid()
  first.socket.close()
  await once(first.socket, 'close')
  expect(await two.info()).toEqual(info)
  expect(engines.pid()).toBe(pid)
  second.socket.close()
})

test('an engine that can not start says why to its window, and the next window gets another try', async () => {
  const broken = mkdtempSync(path.join(os.tmpdir(), 'plumbline-broken-'))
  writeFileSync(path.join(broken, 'plumbline.json'), '{"format":1')
  const host = createEngineHost({ project: broken })
  const refused = (await host.engine()).info()
  await expect(refused).rejects.toThrow(/plumbline\.json/)
  await expect(refused).rejects.toBeInstanceOf(ProblemError)
  writeFileSync(path.join(broken, 'plumbline.json'), '{"format":1,"name":"Mended"}')
  expect(await (await host.engine()).info()).toMatchObject({ projectName: 'Mended' })
  await host.close()
  rmSync(broken, { recursive: true, force: true })
})

test('the engine’s process ends with its host', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-ended-'))
  const host = createEngineHost({ project: folder })
  await host.engine()
  const pid = host.pid()!
  await host.close()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  rmSync(folder, { recursive: true, force: true })
})
