import type { ProcessEnd, ProcessSpawner, WorkerProcess } from '#run/process-spawner'
import type { FromWorker, ToWorker } from '#run/worker-messages'

/** What the engine asks of Electron's main process, the only one that may start processes. */
export type HostRequest =
  | { readonly fork: number; readonly module: string }
  | { readonly to: number; readonly message: ToWorker }
  | { readonly kill: number }

/** What the main process says of a worker. */
export type HostNotice =
  | { readonly forked: number; readonly pid: number | undefined }
  | { readonly from: number; readonly message: FromWorker }
  | { readonly ended: number; readonly code: number | null; readonly lastWords: string }

export interface HostLink {
  send(request: HostRequest): void
  onNotice(listener: (notice: HostNotice) => void): void
}

interface Relayed {
  pid: number | undefined
  readonly messages: Set<(message: FromWorker) => void>
  readonly ends: Set<(end: ProcessEnd) => void>
}

/** Worker processes in the desktop program: started by the main process, which passes their messages on. */
export function utilitySpawner(link: HostLink): ProcessSpawner {
  const workers = new Map<number, Relayed>()
  let next = 1
  link.onNotice((notice) => {
    if ('forked' in notice) {
      const worker = workers.get(notice.forked)
      if (worker) worker.pid = notice.pid
    } else if ('from' in notice) {
      for (const listener of workers.get(notice.from)?.messages ?? []) listener(notice.message)
    } else {
      const { ended, code, lastWords } = notice
      const worker = workers.get(ended)
      workers.delete(ended)
      for (const listener of worker?.ends ?? []) listener({ code, signal: null, lastWords })
    }
  })
  return {
    spawn(module): WorkerProcess {
      const id = next++
      const worker: Relayed = { pid: undefined, messages: new Set(), ends: new Set() }
      workers.set(id, worker)
      link.send({ fork: id, module })
      return {
        get pid() {
          return worker.pid
        },
        send: (message) => link.send({ to: id, message }),
        onMessage: (listener) => void worker.messages.add(listener),
        onEnd: (listener) => void worker.ends.add(listener),
        kill: () => link.send({ kill: id }),
        // The main process ends this one.
        hold: () => {},
      }
    },
  }
}
