import { useEffect, useId, useRef, useState } from 'react'
import { messages } from './messages.ts'

export interface ListItem {
  readonly id: string
  readonly title: string
  readonly note?: string
  readonly icon?: React.ReactNode
  readonly hint?: React.ReactNode
  readonly group?: string
}

interface ListBoxProps {
  readonly label: string
  readonly items: (query: string) => readonly ListItem[]
  readonly choose: (id: string) => void
  readonly close: () => void
  /** What stands at the right of the search field. */
  readonly badge?: string
  readonly foot?: React.ReactNode
  readonly onTab?: () => void
  readonly empty?: string
}

/** A search field over a list: type, go with the arrow keys, choose with Enter. */
export function ListBox({ label, items, choose, close, badge, foot, onTab, empty }: ListBoxProps) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const shown = items(query)
  const current = Math.min(at, shown.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })

  function onKeyDown(event: React.KeyboardEvent) {
    event.stopPropagation()
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setAt((current + step + shown.length) % Math.max(shown.length, 1))
    else if (event.key === 'Enter' && shown[current]) choose(shown[current].id)
    else if (event.key === 'Escape') close()
    else if (event.key === 'Tab') onTab?.()
    else return
    event.preventDefault()
  }

  return (
    <div className="list-box">
      <div className="list-search">
        <input
          // biome-ignore lint/a11y/noAutofocus: the list was just opened to be typed into
          autoFocus
          className="field"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={shown[current] ? `${id}-${current}` : undefined}
          aria-label={label}
          placeholder={label}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        {badge && <span className="list-badge mute">{badge}</span>}
      </div>
      <div className="list-items" role="listbox" id={id} ref={list} aria-label={label}>
        {shown.map((item, index) => (
          <div key={item.id} role="presentation">
            {item.group !== undefined && item.group !== shown[index - 1]?.group && (
              <div className="list-group mute" role="presentation">
                {item.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the search field */}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className="list-item"
              onMouseMove={() => index !== current && setAt(index)}
              onClick={() => choose(item.id)}
            >
              {item.icon}
              <span className="list-title">
                {item.title}
                {item.note && <small className="mute">{item.note}</small>}
              </span>
              {item.hint ?? (index === current && <kbd>↵</kbd>)}
            </div>
          </div>
        ))}
        {shown.length === 0 && <p className="list-empty mute">{empty ?? messages.search.none}</p>}
      </div>
      {foot && <div className="list-foot mute">{foot}</div>}
    </div>
  )
}
