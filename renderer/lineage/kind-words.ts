import type { LineageGraph } from '#contract'

type Kind = LineageGraph['vertices'][number]['kind']

export const kindWords: Readonly<Record<Kind, string>> = { artifact: 'artifact', step: 'step', source: 'file' }
