import { existsSync } from 'node:fs'
import { ProblemError } from '#contract'
import { type CaseQueue, openQueue, queueFile } from '#store/queue/open-queue'

/** Does some work with a project's queue of cases. */
export function withQueue<T>(project: string, work: (queue: CaseQueue) => T): T {
  if (!existsSync(queueFile(project)))
    throw new ProblemError({
      code: 'not-found',
      message: 'No case ever waited for a person in this project.',
      fix: 'Deploy a model with a level of automation that leaves rows to people, and serve it.',
    })
  const queue = openQueue(queueFile(project))
  try {
    return work(queue)
  } finally {
    queue.close()
  }
}
