import { keyed } from '../shell/keyed.ts'

/** A line in which `**bold**` marks the figure. */
export function RichLine({ text }: { text: string }) {
  return keyed(text.split('**')).map(({ key, item, at }) => (at % 2 === 1 ? <b key={key}>{item}</b> : item))
}
