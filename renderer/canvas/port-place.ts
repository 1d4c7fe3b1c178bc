/** Where ports stand on a card's edge, in its own pixels. */
const firstPortY = 30
const portStep = 20

export const portY = (index: number): number => firstPortY + index * portStep

/** Height that the ports of a card need. */
export const portsHeight = (ports: number): number => (ports > 1 ? portY(ports - 1) + 18 : 48)

/** Cards are this wide. */
export const cardWidth = 198
