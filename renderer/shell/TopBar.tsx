import type { Command } from '../commands/command.ts'
import { commandPalette } from '../commands/command-palette.ts'
import { createPipeline } from '../commands/create-pipeline.ts'
import { keysOf } from '../commands/key-map.ts'
import { keyLabel } from '../commands/keys.ts'
import { open } from '../commands/open.ts'
import { run } from '../commands/run.ts'
import { runCommand } from '../commands/run-command.ts'
import { stop } from '../commands/stop.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { isRunning } from '../state/run-store.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { formatBytes, formatDuration } from './format.ts'
import { Logo } from './Logo.tsx'
import { messages } from './messages.ts'
import { PanelButtons } from './PanelButtons.tsx'
import { RunProgressBar } from './RunProgressBar.tsx'
import { useCatalogue, useChecks, useDocument, useFile, useRuns, useView, useWorkbench } from './workbench-context.ts'

/** Shorter runs are over before anyone has read about them. */
const worthSayingMs = 2_000

/** The bar over all rooms: where you are, how it is saved, what runs. */
export function TopBar() {
  const { view } = useWorkbench()
  const room = useView((state) => state.room)
  const open = useDocument((state) => state.path !== null)
  return (
    <header className="top-bar">
      <button
        type="button"
        className="home"
        aria-label={messages.top.home}
        aria-current={room === 'start' ? 'page' : undefined}
        onClick={() => view.set({ room: 'start' })}
      >
        <Logo /> <span>{messages.app}</span>
      </button>
      {room === 'start' || !open ? <StartTools /> : <PipelineTools />}
    </header>
  )
}

interface CommandButtonProps {
  readonly command: Command
  readonly label: string
  readonly primary?: boolean
  readonly disabled?: boolean
}

function CommandButton({ command, label, primary, disabled }: CommandButtonProps) {
  const workbench = useWorkbench()
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      aria-label={label}
      data-key={primary && keysOf(command)[0] ? keyLabel(keysOf(command)[0]!) : undefined}
      data-mark={command === run ? '▸' : undefined}
      data-command={command.id}
      disabled={disabled}
      onClick={() => runCommand(command, workbench)}
    >
      {label}
    </button>
  )
}

function StartTools() {
  const workbench = useWorkbench()
  return (
    <>
      <button type="button" className="find" onClick={() => runCommand(commandPalette, workbench)}>
        {messages.start.find}
        <span aria-hidden="true">{keyLabel('Mod+K')}</span>
      </button>
      <span className="spacer" />
      <span className="mute small">{workbench.info.projectName}</span>
      <CommandButton command={open} label={messages.start.open} />
      <CommandButton command={createPipeline} label={messages.start.new} primary />
    </>
  )
}

function PipelineTools() {
  const { view } = useWorkbench()
  const running = useRuns(isRunning)
  return (
    <>
      <Crumbs />
      <span className="spacer" />
      <RunProgressBar />
      {running ? null : <Forecast />}
      {running && <CommandButton command={stop} label={messages.top.stop} />}
      <PanelButtons />
      <button type="button" className="button wide-only" onClick={() => view.set({ room: 'runs', openRun: null })}>
        {messages.top.compare}
      </button>
      <ExportMenu />
      <CommandButton command={run} label={messages.top.run} primary disabled={running} />
    </>
  )
}

/** What a run would take, where the project's history tells and it is long enough to matter. */
function Forecast() {
  const forecast = useChecks((state) => state.check?.forecast)
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  if (!forecast || forecast.ms < worthSayingMs) return null
  const chain = forecast.chain.map((node) => nodeTitle(document, cards, node)).join(' → ')
  return (
    <span className="mute small" title={messages.top.forecastWhy(chain, formatBytes(forecast.bytes), forecast.unknown)}>
      {messages.top.forecast(formatDuration(forecast.ms), formatBytes(forecast.bytes))}
    </span>
  )
}

function Crumbs() {
  const { file } = useWorkbench()
  const name = useFile((state) => state.document.name)
  const path = useDocument((state) => state.path)
  const saveState = useDocument((state) => state.saveState)
  return (
    <span className="crumbs">
      <input
        className="crumb-name"
        aria-label={messages.top.rename}
        value={name}
        spellCheck={false}
        onChange={(event) =>
          event.target.value !== '' &&
          file.edit(messages.edits.renamePipeline, (old) => ({ ...old, name: event.target.value }), 'name')
        }
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <span className="mute crumb-path" title={path ?? ''}>
        / {path}
      </span>
      <span className={saveState === 'conflict' || saveState === 'failed' ? 'bad' : 'mute'} role="status">
        · {messages.top[saveState]}
      </span>
    </span>
  )
}
