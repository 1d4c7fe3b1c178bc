import type { ReportBlock } from '#contract'

export interface BlockGroup {
  readonly blocks: readonly ReportBlock[]
  readonly previous: ReportBlock | undefined
}

/** Blocks that are drawn together: figures in a row; the rest one by one. Review forms belong to the offline page. */
export function groupBlocks(blocks: readonly ReportBlock[]): readonly BlockGroup[] {
  const groups: { blocks: ReportBlock[]; previous: ReportBlock | undefined }[] = []
  const shown = blocks.filter((block) => block.block !== 'review')
  for (const [i, block] of shown.entries()) {
    const last = groups.at(-1)
    if (block.block === 'metric' && shown[i - 1]?.block === 'metric' && last) last.blocks.push(block)
    else groups.push({ blocks: [block], previous: shown[i - 1] })
  }
  return groups
}
