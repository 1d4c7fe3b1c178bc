import { existsSync } from 'node:fs'
import { queueFile } from '#store/queue/open-queue'
import { type CaseDesk, openCaseDesk } from './case-desk.ts'

/** The cases of a project as a server has them: opened once a version leaves rows to people, or somebody asks for a case. */
export interface FollowedCases {
  needed(): CaseDesk
  /** Undefined in a project without cases. */
  known(): CaseDesk | undefined
  close(): Promise<void>
}

export function followCases(project: string): FollowedCases {
  const file = queueFile(project)
  let desk: CaseDesk | undefined
  const needed = () => {
    desk ??= openCaseDesk(file)
    return desk
  }
  return {
    needed,
    known: () => (desk || existsSync(file) ? needed() : undefined),
    close: async () => desk?.close(),
  }
}
