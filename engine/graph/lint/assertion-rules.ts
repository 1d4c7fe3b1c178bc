import type { LintFinding } from '#contract'
import type { LintView } from './lint-view.ts'

/** An assertion about a figure or column that is not there. */
export function unknownAssertions({ problems }: LintView): LintFinding[] {
  return problems.flatMap(({ node, path, message, columns, cures }) => {
    const [cure] = cures ?? []
    if (node === undefined || path?.[2] !== 'assertions' || !cure) return []
    return [
      {
        rule: 'assertion-unknown' as const,
        node,
        message,
        why: 'What is asserted of something that is not there can not hold; a run does not begin.',
        ...(columns && { columns }),
        cure,
      },
    ]
  })
}
