/** The thread that enters cases in the queue, and what time alone decides of them. */
import { parentPort, workerData } from 'node:worker_threads'
import { addCases, addReasons, openQueue, settleCases } from '#store/queue/open-queue'
import type { FromQueue, ToQueue } from './case-desk.ts'

const settleEveryMs = 1_000

const queue = openQueue(workerData as string)
const send = (message: FromQueue) => parentPort!.postMessage(message)
const attempt = (work: () => void) => {
  try {
    work()
  } catch (error) {
    console.error(`The queue could not be written: ${String(error)}`)
  }
}
const settling = setInterval(() => attempt(() => settleCases(queue)), settleEveryMs)

parentPort!.on('message', (message: ToQueue) => {
  if (message.t === 'close') {
    clearInterval(settling)
    queue.close()
    parentPort!.close()
  } else if (message.t === 'reasons') attempt(() => addReasons(queue, message.reasons))
  else
    try {
      addCases(queue, message.cases)
      send({ t: 'added' })
    } catch (error) {
      send({ t: 'failed', message: String(error).slice(0, 1_000) })
    }
})
