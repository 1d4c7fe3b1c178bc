/** Where ports stand on a card's edge, in its own pixels. */
const firstPortY = 30
const portStep = 20

export const portY = (index: number): number => firstPortY + index * portStep

/** Height that the ports of a card need. */
export const portsHeight = (ports: number): number => (ports > 1 ? portY(ports - 1) + 18 : 48)

/** Cards are this wide. */
export const cardWidth = 198

/** Width and height of what the pointer can take hold of at a port. */
export const portSize = 20

/** Height a card is taken to have until it was drawn in full: that of one with a picture and a line of fact. */
export const usualHeight = 120
