import { expect, test } from 'vitest'
import { type HostNotice, type HostRequest, utilitySpawner } from './utility-spawner.ts'

function linked() {
  const requests: HostRequest[] = []
  let notify: (notice: HostNotice) => void = () => {}
  const spawner = utilitySpawner({
    send: (request) => requests.push(request),
    onNotice: (listener) => {
      notify = listener
    },
  })
  return { requests, spawner, notify: (notice: HostNotice) => notify(notice) }
}

test('a worker is started, spoken to and ended by the host', () => {
  const { requests, spawner, notify } = linked()
  const worker = spawner.spawn('worker.js')
  expect(worker.pid).toBeUndefined()
  notify({ forked: 1, pid: 42 })
  expect(worker.pid).toBe(42)
  worker.send({ t: 'cancel', id: 3 })
  worker.kill()
  expect(requests).toEqual([{ fork: 1, module: 'worker.js' }, { to: 1, message: { t: 'cancel', id: 3 } }, { kill: 1 }])
})

test('each worker hears its own messages and its own end, once', () => {
  const { spawner, notify } = linked()
  const heard: unknown[] = []
  const [first, second] = [spawner.spawn('worker.js'), spawner.spawn('worker.js')]
  first.onMessage((message) => heard.push(['first', message]))
  second.onMessage((message) => heard.push(['second', message]))
  second.onEnd((end) => heard.push(['second', end]))
  notify({ from: 2, message: { t: 'ready' } })
  notify({ ended: 2, code: 137, lastWords: 'heap out of memory' })
  notify({ ended: 2, code: 1, lastWords: '' })
  notify({ from: 9, message: { t: 'ready' } })
  expect(heard).toEqual([
    ['second', { t: 'ready' }],
    ['second', { code: 137, signal: null, lastWords: 'heap out of memory' }],
  ])
})
