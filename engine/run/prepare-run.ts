import { type JsonValue, type PipelineDocument, type Problem, ProblemError } from '#contract'
import type { CheckedDocument } from '#graph/check'
import { type ExpandedDocument, expandGroups, nodesWithin, resolveSettings } from '#graph/groups/expand-groups'
import { migrateNodes } from '#graph/migrate'
import { type Plan, planDocument } from '#graph/plan'
import { applySettings } from '#graph/set-inputs'
import type { DocumentChecks } from './document-checks.ts'
import type { Workshop } from './workshop.ts'

export interface PreparedRun {
  /** Without groups, with settings applied and nodes brought up to date: what the lineage records. */
  readonly document: PipelineDocument
  readonly plan: Plan
  readonly targets: readonly string[]
}

/** Applies settings and plans. Throws every problem that stands in the way of the nodes that would run. */
export async function prepareRun(
  workshop: Workshop,
  checks: DocumentChecks,
  a: { document: PipelineDocument; targets?: readonly string[]; set?: Readonly<Record<string, string>> },
): Promise<PreparedRun> {
  const expanded = withoutGroups(workshop, a.document)
  const settings = a.set && resolveSettings(expanded, a.set)
  await workshop.custom.learnMigrations(expanded.document)
  // First up to date: settings name the parameters that nodes have now.
  const current = migrateNodes(expanded.document, workshop.catalogue).document
  const document = settings ? applySettings(current, settings, workshop.cards) : current
  const checked = await checks.check(document)
  const targets = [...nodesWithin(document, a.targets ?? [])]
  const plan = planOrNothing(workshop, document, targets)
  const problems = standingInTheWay(checked, new Set(plan?.order ?? Object.keys(document.nodes)))
  if (problems.length > 0) throw new ProblemError(problems)
  return { document, plan: plan ?? planDocument(document, workshop.cards, targets), targets }
}

/** The document with what is inside its groups in their place. Throws where a group is broken. */
export function withoutGroups({ types }: Pick<Workshop, 'types'>, document: PipelineDocument): ExpandedDocument {
  const expanded = expandGroups(document, (type) => types.get(type)?.title)
  if (expanded.problems.length > 0) throw new ProblemError(expanded.problems)
  return expanded
}

/** A circle is among the problems the check found; then there is no plan to narrow them by. */
function planOrNothing(workshop: Workshop, document: PipelineDocument, targets: readonly string[]): Plan | undefined {
  try {
    return planDocument(document, workshop.cards, targets)
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'graph-cycle') return undefined
    throw error
  }
}

function standingInTheWay(checked: CheckedDocument, wanted: ReadonlySet<string>): readonly Problem[] {
  return checked.problems.filter(
    (problem) => problem.level !== 'warning' && (problem.node === undefined || wanted.has(problem.node)),
  )
}

export function nodeParams(document: PipelineDocument, node: string): Readonly<Record<string, JsonValue>> {
  return document.nodes[node]!.params as Readonly<Record<string, JsonValue>>
}
