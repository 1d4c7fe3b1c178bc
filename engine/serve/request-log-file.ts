import path from 'node:path'
import { storeFolder } from '#store/open-store'

/** The file that answers and outcomes of a project are kept in. */
export const requestLogFile = (project: string): string => path.join(storeFolder(project), 'requests.sqlite')
