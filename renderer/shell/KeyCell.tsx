import { useEffect, useRef, useState } from 'react'
import type { Command } from '../commands/command.ts'
import { commands } from '../commands/commands.ts'
import {
  holderOf,
  type KeyMap,
  keyMap,
  keyOfPress,
  keysIn,
  rememberKeys,
  withKey,
  withUsualKeys,
} from '../commands/key-map.ts'
import { keyLabel, mac } from '../commands/keys.ts'
import { messages } from './messages.ts'

/** A command's keys; a click waits for another one. Says from whom it was taken. */
export function KeyCell({ command, map, say }: { command: Command; map: KeyMap; say: (words: string) => void }) {
  const [waiting, setWaiting] = useState(false)
  const keys = keysIn(map, command)
  const label = keys.slice(0, 2).map((key) => keyLabel(key))

  function take(key: string) {
    const from = holderOf(map, commands, key, command.id)
    rememberKeys(withKey(map, commands, command.id, key))
    const given = messages.keys.given(command.label, keyLabel(key))
    say(from ? `${given} ${messages.keys.taken(keyLabel(key), from.label)}` : given)
    setWaiting(false)
  }
  if (waiting) return <KeyPrompt take={take} leave={() => setWaiting(false)} />
  return (
    <>
      {command.id in map && (
        <button
          type="button"
          className="button small quiet"
          onClick={() => rememberKeys(withUsualKeys(keyMap.getState(), commands, command.id))}
        >
          {messages.keys.usual}
        </button>
      )}
      <button
        type="button"
        className="key-button"
        aria-label={messages.keys.change(command.label, label.join(', '))}
        onClick={() => setWaiting(true)}
      >
        {label.length === 0 ? (
          <span className="mute">{messages.keys.none}</span>
        ) : (
          label.map((key) => <kbd key={key}>{key}</kbd>)
        )}
      </button>
    </>
  )
}

/** Takes the next key before anybody else does. */
function KeyPrompt({ take, leave }: { take: (key: string) => void; leave: () => void }) {
  const field = useRef<HTMLButtonElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.key === 'Tab') return leave()
      event.preventDefault()
      event.stopImmediatePropagation()
      if (event.key === 'Escape') return leave()
      const key = keyOfPress(event, mac)
      if (key !== undefined) take(key)
    }
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  }, [take, leave])
  return (
    <button type="button" ref={field} className="key-button waiting" title={messages.keys.pressHint} onBlur={leave}>
      {messages.keys.press}
    </button>
  )
}
