/** The kind of data a node dragged from the palette carries. */
export const draggedNodeType = 'application/x-plumbline-node'
