import { formatCount } from '#report/format-number'

export const customMessages = {
  title: 'Custom nodes',
  waiting: (number: number) =>
    `${formatCount(number, 'node')} of this project ${number === 1 ? 'is' : 'are'} not trusted yet.`,
  review: 'Look at them',
  open: 'Custom nodes…',
  none: 'This project has no folder custom-nodes. "plumbline node new NAME" makes a first one.',
  explain:
    'These nodes are code that came with the project. None of it has run. Trust it only if you know who wrote it; when a file changes you are asked again.',
  trusted: (following: boolean) =>
    following
      ? 'You trust this folder, and what changes in it until Plumbline closes.'
      : 'You trust this folder as it is; when a file changes you are asked again.',
  limits: (locked: boolean) =>
    `Each node runs in a process of its own that reads its inputs and what is named here, writes nowhere but to its result, and starts no other program. ${locked ? 'Its network is empty unless it asks for one.' : 'The network is only taken away, not locked.'} The fence holds mistakes; it was not made against attackers.`,
  types: {
    checking: 'The types of their code are being checked …',
    checked: 'The types of their code were checked without running it.',
    unknown: 'The types of their code were not checked: no type checker is installed with Plumbline.',
  },
  asksNothing: 'nothing but its inputs',
  reads: (places: readonly string[]) => `reads ${places.join(', ')}`,
  network: 'uses the network',
  native: 'runs queries and models, which is native code that no fence holds',
  states: { ready: '✓ ready', broken: '✕ broken', untrusted: '◐ not trusted' },
  content: (hash: string) => `Content ${hash}`,
  trust: 'Trust these nodes',
  follow: 'Trust, and follow my changes',
  distrust: 'Stop trusting',
}
