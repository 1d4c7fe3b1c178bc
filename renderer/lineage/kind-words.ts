import type { LineageGraph } from '#contract'
import { lineageMessages } from './lineage-messages.ts'

type Kind = LineageGraph['vertices'][number]['kind']

export const kindWords: Readonly<Record<Kind, string>> = lineageMessages.kinds
