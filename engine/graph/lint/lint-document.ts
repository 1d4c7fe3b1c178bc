import type { LintFinding, NodeCard, PipelineDocument } from '#contract'
import type { CheckedDocument } from '../check.ts'
import { expandGroups } from '../groups/expand-groups.ts'
import { unknownAssertions } from './assertion-rules.ts'
import { suspectColumns } from './column-rules.ts'
import { cureThroughGroups } from './cure-through-groups.ts'
import { imbalanceMetric, noBaseline } from './judging-rules.ts'
import { lintView } from './lint-view.ts'
import { fitBeforeSplit, futureLeak, judgedOnKnownRows, noSplit, tunedOnTest } from './split-rules.ts'

const rules = [
  fitBeforeSplit,
  noSplit,
  judgedOnKnownRows,
  tunedOnTest,
  futureLeak,
  suspectColumns,
  imbalanceMetric,
  noBaseline,
  unknownAssertions,
]

/**
 * Mistakes of machine learning that can be seen before any run, each with the reason and a cure (after Kapoor & Narayanan
 * 2023, "Leakage and the reproducibility crisis in machine-learning-based science", Patterns 4:100804). `checked` is what
 * `checkDocument` found out about the same document.
 */
export function lintDocument(
  document: PipelineDocument,
  cards: readonly NodeCard[],
  checked: CheckedDocument,
): readonly LintFinding[] {
  const titles = new Map(cards.map(({ type, title }) => [type, title]))
  const flat = expandGroups(document, (type) => titles.get(type)).document
  const view = lintView(flat, cards, checked)
  const findings = rules.flatMap((rule) => rule(view))
  if (!document.groups) return findings
  return findings.map((finding) => ({ ...finding, cure: cureThroughGroups(document, flat, cards, finding.cure) }))
}
