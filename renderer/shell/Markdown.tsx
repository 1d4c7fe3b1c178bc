import { keyed } from './keyed.ts'

/** The little Markdown that node docs use, as elements: headings, paragraphs, lists, **bold**, *italic*, `code`, formulas. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.trim().split(/\n\s*\n/)
  return (
    <div className="markdown">
      {keyed(blocks).map(({ key, item }) => (
        <Block key={key} text={item} />
      ))}
    </div>
  )
}

function Block({ text }: { text: string }) {
  if (text.startsWith('```')) return <pre>{text.replace(/^```\w*\n?|```$/g, '')}</pre>
  const heading = /^#{1,4}\s+(.*)$/.exec(text)
  if (heading) return <h4>{<Inline text={heading[1]!} />}</h4>
  const lines = text.split('\n')
  if (lines.every((line) => /^\s*[-*]\s+/.test(line)))
    return (
      <ul>
        {keyed(lines).map(({ key, item }) => (
          <li key={key}>
            <Inline text={item.replace(/^\s*[-*]\s+/, '')} />
          </li>
        ))}
      </ul>
    )
  return (
    <p>
      <Inline text={lines.join(' ')} />
    </p>
  )
}

const marks = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`)/

function Inline({ text }: { text: string }) {
  return keyed(text.split(marks)).map(({ key, item }) => {
    if (item.startsWith('**')) return <b key={key}>{item.slice(2, -2)}</b>
    if (item.startsWith('`')) return <code key={key}>{item.slice(1, -1)}</code>
    if (item.length > 2 && item.startsWith('*') && item.endsWith('*')) return <i key={key}>{item.slice(1, -1)}</i>
    return item
  })
}
