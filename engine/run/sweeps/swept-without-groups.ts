import type { PipelineDocument, SweepPlan } from '#contract'
import type { ExpandedDocument } from '#graph/groups/expand-groups'
import { withoutGroups } from '../prepare-run.ts'
import type { Workshop } from '../workshop.ts'

/** A sweep over the document without its groups: what a group shows is searched at the nodes inside. Throws where a group is broken. */
export function sweptWithoutGroups(
  workshop: Pick<Workshop, 'types'>,
  { document, plan }: { document: PipelineDocument; plan: SweepPlan },
): { document: PipelineDocument; plan: SweepPlan } {
  const expanded = withoutGroups(workshop, document)
  const { budget } = plan
  return {
    document: expanded.document,
    plan: {
      ...plan,
      parameters: plan.parameters.map((parameter) => inside(expanded, parameter)),
      ...(budget && { budget: inside(expanded, budget) }),
    },
  }
}

function inside<T extends { readonly setting: string }>({ settings }: ExpandedDocument, swept: T): T {
  return { ...swept, setting: settings.get(swept.setting) ?? swept.setting }
}
