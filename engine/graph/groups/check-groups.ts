import type { ArtifactSummary, NodeCheck, PortSchema, StepForecast, StepStatus, StepSummary } from '#contract'
import { portAddress } from '../adjacency.ts'
import type { ExpandedDocument } from './expand-groups.ts'
import { isWithin, joinIds, localId, portOfType } from './group-ids.ts'

type Checks = Readonly<Record<string, NodeCheck>>

/** Where each group of a document stands, from where the nodes in it do. */
export function checkGroups(expanded: ExpandedDocument, nodes: Checks): Checks {
  const ids = [...expanded.instances.keys()]
  return Object.fromEntries(ids.map((id) => [id, checkGroup(expanded, id, nodes)]))
}

/** The first of these that one of the nodes is in. */
const states = ['not-configured', 'stale', 'ready', 'cached'] as const

function checkGroup(expanded: ExpandedDocument, id: string, nodes: Checks): NodeCheck {
  const inside = Object.entries(nodes).filter(([node]) => isWithin(node, id))
  const checks = inside.map(([, check]) => check)
  const state = states.find((one) => checks.some((check) => check.state === one)) ?? 'cached'
  const forecasts = checks.flatMap(({ forecast }) => forecast ?? [])
  const forecast = forecasts.length > 0 ? sumForecasts(forecasts) : undefined
  const last = groupStep(
    expanded,
    id,
    inside.flatMap(([node, { last }]) => (last ? [[node, last] as const] : [])),
  )
  return {
    state,
    ...(state === 'stale' && {
      why: inside.flatMap(([node, { why = [] }]) => why.map((one) => `${localId(node)}: ${one}`)),
    }),
    problems: [
      ...expanded.problems.filter(({ node }) => node === id),
      ...inside.flatMap(([node, { problems }]) =>
        problems.map((problem) => ({ ...problem, node: problem.node ?? node })),
      ),
    ],
    inputs: { ...innerInputs(id, inside), ...portSchemas(expanded, id, nodes, 'input') },
    outputs: portSchemas(expanded, id, nodes, 'output') as Readonly<Record<string, PortSchema>>,
    ...(forecast && { forecast }),
    ...(last && { last }),
  }
}

function sumForecasts(forecasts: readonly StepForecast[]): StepForecast {
  return forecasts.reduce((a, b) => ({
    ms: a.ms + b.ms,
    bytes: Math.max(a.bytes, b.bytes),
    from: Math.min(a.from, b.from),
  }))
}

/** Schemas at the inputs of nodes inside, as `node.input`: what settings shown on the group choose columns from. */
function innerInputs(id: string, inside: readonly (readonly [string, NodeCheck])[]): NodeCheck['inputs'] {
  const prefix = joinIds(id, '')
  return Object.fromEntries(
    inside.flatMap(([node, { inputs }]) =>
      Object.entries(inputs).map(([port, schema]) => [`${node.slice(prefix.length)}.${port}`, schema]),
    ),
  )
}

/** Of each port what is known of the first port inside that is wired to it. */
function portSchemas(
  expanded: ExpandedDocument,
  id: string,
  nodes: Checks,
  side: 'input' | 'output',
): Record<string, PortSchema | readonly PortSchema[]> {
  return Object.fromEntries(
    portsOf(expanded, id, side).flatMap(([port, addresses]) =>
      addresses.slice(0, 1).flatMap((address) => {
        const at = portAddress(address)
        const check = nodes[at.node]
        const schema = side === 'input' ? check?.inputs[at.port] : check?.outputs[at.port]
        return schema === undefined ? [] : [[port, schema] as const]
      }),
    ),
  )
}

/** A group's ports on one side by name, with the ports inside that are wired to them. */
function portsOf(
  { ends, instances }: Pick<ExpandedDocument, 'ends' | 'instances'>,
  id: string,
  side: 'input' | 'output',
): readonly (readonly [string, readonly string[]])[] {
  const nodes = instances.get(id)?.nodes ?? {}
  const names = Object.keys(nodes).filter((name) => portOfType(nodes[name]!.type)?.side === side)
  return names.map((name) => [name, ends.get(joinIds(id, name)) ?? []] as const)
}

/** The first of these that one of the steps is in; steps of which some are over and some wait are under way. */
const statuses: readonly StepStatus[] = ['running', 'failed', 'cancelled', 'skipped', 'done', 'cached']

/**
 * The steps inside a group as one: running while one of them is, failed when one is; times added up. It stands for its
 * last step, whose report is its own, and has at its ports what the nodes inside gave. `steps` in order, each with its
 * node's whole id.
 */
export function groupStep(
  expanded: Pick<ExpandedDocument, 'ends' | 'instances'>,
  id: string,
  steps: readonly (readonly [node: string, step: StepSummary])[],
): StepSummary | undefined {
  const within = steps.filter(([node]) => isWithin(node, id))
  const inside = within.map(([, step]) => step)
  const last = inside.at(-1)
  if (!last) return undefined
  const waiting = inside.filter(({ status }) => status === 'queued').length
  const begun = inside.some(({ status }) => status === 'running' || status === 'done')
  const status = waiting === inside.length || (waiting > 0 && !begun) ? 'queued' : waiting > 0 ? 'running' : undefined
  const byNode = new Map(within)
  const outputs = portsOf(expanded, id, 'output').flatMap(([port, addresses]) =>
    addresses.slice(0, 1).flatMap((address) => {
      const at = portAddress(address)
      const made: ArtifactSummary | undefined = byNode.get(at.node)?.outputs[at.port]
      return made ? [[port, made] as const] : []
    }),
  )
  const verdicts = inside.flatMap(({ verdict }) => verdict ?? [])
  const verdict = (['fail', 'wait', 'pass'] as const).find((one) => verdicts.includes(one))
  const { verdict: _, ...rest } = last
  return {
    ...rest,
    nodeType: 'group',
    title: expanded.instances.get(id)?.title ?? id,
    status: status ?? statuses.find((one) => inside.some((step) => step.status === one)) ?? last.status,
    ms: inside.reduce((sum, { ms = 0 }) => sum + ms, 0),
    peakBytes: Math.max(...inside.map(({ peakBytes = 0 }) => peakBytes)),
    ...(verdict && { verdict }),
    problems: within.flatMap(([node, { problems }]) => problems.map((problem) => ({ ...problem, node }))),
    outputs: Object.fromEntries(outputs),
  }
}
