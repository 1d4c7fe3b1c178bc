import type { Hash, Model, RunContext, Table } from '#contract'
import { hasExactReasons, type ReasonBasis, reasonBasis } from '#ml/explain/reason-basis'
import { columnOfRole } from '#ml/roles'

/** Stores what reasons of a container's answers compare with, from the table that the model was trained on. */
export async function putReasonBasis(model: Model, context: RunContext): Promise<Hash> {
  const basis = hasExactReasons(model) && model.trees ? {} : await basisOf(model, context)
  return context.blobs.put(new TextEncoder().encode(JSON.stringify(basis)))
}

async function basisOf(model: Model, context: RunContext): Promise<ReasonBasis> {
  const table = JSON.parse(new TextDecoder().decode(await context.blobs.get(model.training.table))) as Table
  const split = columnOfRole(table.columns, 'split')?.name
  const names = [...new Set([...model.features.map(({ name }) => name), ...(split === undefined ? [] : [split])])]
  return reasonBasis(model, await context.tables.read(table, names))
}
