import type { JsonValue, PipelineDocument } from '#contract'
import { unpackAll } from '#graph/groups/unpack-node'
import { type DocumentDifference, diffDocuments } from '#graph/versions/diff-documents'
import { messages } from '../shell/messages.ts'
import type { CatalogueState } from '../state/catalogue-store.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { historyMessages } from './history-messages.ts'
import { parameterTitle, valueWords, wireWords } from './place-words.ts'

type Cards = CatalogueState['byType']
export type Change = 'added' | 'removed' | 'changed'

export interface DifferenceRow {
  readonly key: string
  readonly change: Change
  readonly name: string
  readonly before?: string
  readonly after?: string
}
export interface DifferenceGroup {
  readonly title: string
  readonly rows: readonly DifferenceRow[]
}

export interface Difference {
  readonly groups: readonly DifferenceGroup[]
  /** Nodes, frames and notes that stand elsewhere. */
  readonly moved: number
}

/**
 * What differs between two versions of a pipeline, as the lines of a table, in the words of the app: as if there were no
 * groups, unless the two are only grouped differently.
 */
export function differenceGroups(before: PipelineDocument, after: PipelineDocument, cards: Cards): Difference {
  const inside = plainDifference(unpackAll(before), unpackAll(after), cards)
  return inside.groups.length > 0 ? inside : plainDifference(before, after, cards)
}

function plainDifference(before: PipelineDocument, after: PipelineDocument, cards: Cards): Difference {
  const difference = diffDocuments(before, after)
  const wire = (change: 'added' | 'removed') => (ends: { readonly from: string; readonly to: string }) => ({
    key: `${ends.from} ${ends.to}`,
    change,
    name: wireWords(ends, change === 'added' ? after : before, cards),
  })
  const groups = [
    { title: historyMessages.nodes, rows: nodeRows(difference, before, after, cards) },
    {
      title: historyMessages.parameters,
      rows: difference.changed.map(({ node, what, a, b }) =>
        valueRow(
          `${node} ${what}`,
          `${nodeTitle(after, cards, node)} · ${parameterTitle(after, cards, node, what)}`,
          a,
          b,
          cards.get(after.nodes[node]?.type ?? '')?.defaults[what],
        ),
      ),
    },
    {
      title: historyMessages.wires,
      rows: [...difference.wires.removed.map(wire('removed')), ...difference.wires.added.map(wire('added'))],
    },
    {
      title: historyMessages.assertions,
      rows: difference.assertions.map(({ what, a, b, ...ends }) =>
        valueRow(`${ends.from} ${ends.to} ${what}`, `${wireWords(ends, after, cards)}: ${what}`, a, b),
      ),
    },
    {
      title: historyMessages.settings,
      rows: difference.settings.map(({ what, a, b }) => valueRow(what, what, a, b)),
    },
  ]
  return { groups: groups.filter(({ rows }) => rows.length > 0), moved: difference.moved }
}

function nodeRows(
  { added, removed }: DocumentDifference,
  before: PipelineDocument,
  after: PipelineDocument,
  cards: Cards,
): readonly DifferenceRow[] {
  return [
    ...removed.map(({ node }) => ({ key: node, change: 'removed' as const, name: nodeTitle(before, cards, node) })),
    ...added.map(({ node }) => ({ key: node, change: 'added' as const, name: nodeTitle(after, cards, node) })),
  ]
}

/** Where one side has no value, that of the default is said, if there is one. */
function valueRow(key: string, name: string, a: JsonValue, b: JsonValue, usual?: JsonValue): DifferenceRow {
  const words = (value: JsonValue) => {
    if (value !== null) return valueWords(value)
    return usual === undefined || usual === null ? '–' : messages.form.default(valueWords(usual))
  }
  const there = usual !== undefined || (a !== null && b !== null)
  const change = there ? 'changed' : a === null ? 'added' : 'removed'
  return { key, change, name, before: words(a), after: words(b) }
}
