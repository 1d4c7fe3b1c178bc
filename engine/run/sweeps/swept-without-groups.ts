import type { PipelineDocument, SweepPlan } from '#contract'
import { type ExpandedDocument, resolveSetting } from '#graph/groups/expand-groups'
import { wholeName } from '#graph/groups/group-ids'
import { withoutGroups } from '../prepare-run.ts'
import type { Workshop } from '../workshop.ts'

/**
 * A sweep over the document without its groups: whatever is searched is searched at the nodes inside, shown outside or not,
 * and the user's groups stay as they are. Throws where a group is broken.
 */
export function sweptWithoutGroups(
  workshop: Pick<Workshop, 'types'>,
  { document, plan }: { document: PipelineDocument; plan: SweepPlan },
): { document: PipelineDocument; plan: SweepPlan } {
  const expanded = withoutGroups(workshop, document)
  const { budget, metric } = plan
  return {
    document: expanded.document,
    plan: {
      ...plan,
      metric: { ...metric, node: wholeName(metric.node) },
      parameters: plan.parameters.map((parameter) => inside(expanded, parameter)),
      ...(budget && { budget: inside(expanded, budget) }),
    },
  }
}

function inside<T extends { readonly setting: string }>(expanded: ExpandedDocument, swept: T): T {
  return { ...swept, setting: resolveSetting(expanded, swept.setting) }
}
