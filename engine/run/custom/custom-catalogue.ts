/** What the process of a custom node imports as its catalogue: the node whose file the address names. */
import type { AnyNode } from '#contract'

const file = new URL(import.meta.url).searchParams.get('file')!
const { default: node } = (await import(file)) as { default: AnyNode }

export const catalogue: readonly AnyNode[] = [node]
