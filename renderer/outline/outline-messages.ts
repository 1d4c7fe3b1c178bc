/** What the outline and aligning say. */
export const outlineMessages = {
  label: 'Outline',
  nodes: 'Nodes',
  command: 'Outline of the pipeline, or the list of nodes',
  empty: 'Nothing here yet. Press / to add a node.',
  /** "Split, done, 2 inputs, 60 % train". */
  row: (title: string, state: string, fact: string) => [title, state, fact].filter((word) => word !== '').join(', '),
  inside: (nodes: number) => `group of ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
  alsoFrom: (titles: string) => `also takes from ${titles}`,
  align: {
    left: 'Align left edges',
    top: 'Align top edges',
    across: 'Space evenly across',
    down: 'Space evenly down',
  },
} as const
