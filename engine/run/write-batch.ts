import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { RegistryRequest } from '#contract'
import { replaceFile } from '#store/durable-file'

/** Folder of a project's batch definitions. */
export const batchFolder = 'batches'

interface DefinitionOrder {
  readonly project: string
  readonly request: Extract<RegistryRequest, { type: 'batch' }>
  readonly name: string
  readonly version: number
}

/** Writes what "plumbline batch JOB" does from now on. */
export function writeBatch({ project, request, name, version }: DefinitionOrder): void {
  const { job = name, input, output, reasons, automation } = request
  const folder = path.join(project, batchFolder)
  mkdirSync(folder, { recursive: true })
  const definition = { format: 1, model: name, version, input, output, reasons, ...(automation && { automation }) }
  replaceFile(path.join(folder, `${job}.batch.json`), `${JSON.stringify(definition, null, 2)}\n`)
}
