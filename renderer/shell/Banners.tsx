import { useStore } from 'zustand'
import type { SteadyEngine } from '../client/steady-engine.ts'
import { formatWhen } from './format.ts'
import { messages } from './messages.ts'
import { useCatalogue, useChecks, useDocument, useFile, useView, useWorkbench } from './workbench-context.ts'

/** What needs a decision or an eye before anything else, under the top bar. */
export function Banners({ connection }: { connection: SteadyEngine['connection'] }) {
  const link = useStore(connection, (state) => state.state)
  return (
    <div className="banners">
      {link === 'lost' && <Banner tone="stale" text={messages.banner.lost} />}
      {link === 'refused' && <Banner tone="bad" text={messages.banner.refused} />}
      {link === 'open' && <Unchecked />}
      <Conflict />
      <Recovered />
      <Migrated />
      <ReadOnly />
    </div>
  )
}

function Banner({ tone, text, children }: { tone: 'bad' | 'stale' | 'run'; text: string; children?: React.ReactNode }) {
  return (
    <div className="banner" data-tone={tone} role="alert">
      <span>{text}</span>
      {children}
    </div>
  )
}

/** The engine could not look at the pipeline at all. */
function Unchecked() {
  const { checks } = useWorkbench()
  const failure = useChecks((state) => state.failure[0])
  if (!failure) return null
  return (
    <Banner tone="bad" text={[failure.message, failure.fix].filter((part) => part !== undefined).join(' ')}>
      <button type="button" className="button small" onClick={checks.recheck}>
        {messages.banner.again}
      </button>
    </Banner>
  )
}

function Conflict() {
  const { autosave, view } = useWorkbench()
  const state = useDocument((document) => document.saveState)
  const collision = useDocument((document) => document.collision)
  const path = useDocument((document) => document.path)
  if (path === null) return null
  if (state === 'failed')
    return (
      <Banner tone="bad" text={messages.banner.failed}>
        <button type="button" className="button small" onClick={() => autosave.flush()}>
          {messages.banner.again}
        </button>
      </Banner>
    )
  if (state !== 'conflict') return null
  if (!collision)
    return (
      <Banner tone="stale" text={messages.banner.unreadable(path)}>
        <button type="button" className="button small" onClick={() => autosave.flush(true)}>
          {messages.banner.keepMine}
        </button>
      </Banner>
    )
  return (
    <Banner tone="stale" text={messages.banner.conflict(path)}>
      <button type="button" className="button small" onClick={() => view.set({ overlay: 'conflicts' })}>
        {messages.conflicts.decide}
      </button>
    </Banner>
  )
}

function Recovered() {
  const { documents, view } = useWorkbench()
  const recovered = useView((state) => state.recovered)
  if (!recovered) return null
  function discard() {
    if (documents.getState().past.at(-1)?.label === messages.edits.restore) documents.undo()
    view.set({ recovered: null })
  }
  return (
    <Banner tone="run" text={messages.banner.recovered(formatWhen(recovered.at))}>
      <button type="button" className="button small" onClick={discard}>
        {messages.banner.discard}
      </button>
      <button type="button" className="button small" onClick={() => view.set({ recovered: null })}>
        {messages.keys.close}
      </button>
    </Banner>
  )
}

function Migrated() {
  const { view } = useWorkbench()
  const migrated = useView((state) => state.migrated)
  const migrations = useView((state) => state.migrations)
  const cards = useCatalogue((state) => state.byType)
  if (!migrated) return null
  const list = migrations
    .map(({ node, type, from, to }) => `${cards.get(type)?.title ?? node} ${from} → ${to}`)
    .join(', ')
  return (
    <Banner tone="run" text={list === '' ? messages.banner.migrated : messages.banner.migrations(list)}>
      {list !== '' && (
        <button
          type="button"
          className="button small"
          onClick={() => view.set({ overlay: 'history', historyOf: 'last-edit' })}
        >
          {messages.banner.whatChanged}
        </button>
      )}
      <button type="button" className="button small" onClick={() => view.set({ migrated: false })}>
        {messages.keys.close}
      </button>
    </Banner>
  )
}

function ReadOnly() {
  const path = useFile((state) => (state.readOnly ? state.path : null))
  return path === null ? null : <Banner tone="stale" text={messages.banner.readOnly(path)} />
}
