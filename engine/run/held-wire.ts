import type { Assertion, Cure, Problem, WireVerdict } from '#contract'
import { portAddress } from '#graph/adjacency'
import { limitText } from '#report/judge-limit'
import { type Session, stepTitle } from './session.ts'

/** Nothing behind a wire that does not keep its assertions runs. */
export function heldWire(session: Session, node: string) {
  const failed = Object.entries(session.prepared.plan.inputs[node] ?? {}).flatMap(([port, sources]) =>
    sources.flatMap((source) =>
      (session.wires.get(source.node) ?? []).filter(
        ({ from, to, verdict }) =>
          verdict === 'fail' && from === `${source.node}.${source.port}` && to === `${node}.${port}`,
      ),
    ),
  )
  if (failed.length === 0) return undefined
  return { status: 'skipped', problems: failed.flatMap((wire) => assertionProblems(session, wire)) } as const
}

function assertionProblems(session: Session, { from, to, checks }: WireVerdict): readonly Problem[] {
  const [source, target] = [portAddress(from), portAddress(to)]
  const title = stepTitle(session, source.node)
  const asserted = checks.map(({ metric, column, operator, limit }) => ({
    metric,
    ...(column === undefined ? {} : { column }),
    operator,
    limit,
  }))
  const cure = (label: string, assertions: readonly Assertion[]): Cure => ({
    label,
    edits: [{ do: 'assert', from, to, assertions }],
  })
  return checks.flatMap(({ verdict, reason, column, value, operator }, index) => {
    if (verdict === 'pass') return []
    const met = value === null ? undefined : metLimit(value, operator)
    return [
      {
        code: 'assertion-failed',
        message: `On the wire from "${title}": ${reason}`,
        path: ['inputs', target.port, 'assertions', from],
        fix: `Correct what "${title}" reads or does, or change the assertion on this wire.`,
        ...(column === undefined ? {} : { columns: [column] }),
        cures: [
          ...(met === undefined
            ? []
            : [
                cure(
                  `Ask for ${operator === '>=' ? 'at least' : 'at most'} ${limitText(met)}`,
                  asserted.with(index, { ...asserted[index]!, limit: met }),
                ),
              ]),
          cure('Take this assertion away', asserted.toSpliced(index, 1)),
        ],
      },
    ]
  })
}

/** A limit of at most three decimals that the value keeps. */
function metLimit(value: number, operator: Assertion['operator']): number {
  return (operator === '>=' ? Math.floor(value * 1_000) : Math.ceil(value * 1_000)) / 1_000
}
