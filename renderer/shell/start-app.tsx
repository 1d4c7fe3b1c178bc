import type { Root } from 'react-dom/client'
import { type HostApi, problemsOf } from '#contract'
import type { SteadyEngine } from '../client/steady-engine.ts'
import { newPipeline, openPipeline } from '../commands/acts/open-pipeline.ts'
import { followVersions } from '../custom-nodes/follow-versions.ts'
import { rememberOpened } from '../start/recent.ts'
import { createWorkbench, type Workbench } from '../state/workbench.ts'
import { App } from './App.tsx'
import { messages } from './messages.ts'
import { followNarrowWindow } from './narrow-window.ts'

/** Draws the app as soon as the engine answers, and opens the file that the address names. */
export async function startApp(root: Root, { engine, connection }: SteadyEngine, host: HostApi): Promise<void> {
  root.render(<div className="splash">{messages.connecting}</div>)
  try {
    const workbench = await createWorkbench(engine, host)
    keepRecent(workbench)
    keepPlace(workbench)
    followConnection(workbench, connection)
    followFile(workbench)
    followNarrowWindow(workbench.view)
    followVersions(workbench)
    const file = new URLSearchParams(location.search).get('file')
    if (file === '') await newPipeline(workbench)
    else if (file !== null) await openPipeline(workbench, file)
    root.render(<App workbench={workbench} connection={connection} />)
  } catch (error) {
    const refused = connection.getState().state === 'refused'
    root.render(
      <div className="splash" role="alert">
        {refused ? messages.banner.refused : problemsOf(error)[0]?.message}
      </div>,
    )
  }
}

const lookEveryMs = 1_500

/** Notices when another window or program changes the open file. */
function followFile({ autosave }: Workbench) {
  setInterval(() => void autosave.look(), lookEveryMs)
  window.addEventListener('focus', () => void autosave.look())
}

function keepRecent({ documents, info }: Workbench) {
  documents.subscribe((now, before) => {
    if (now.path !== null && now.path !== before.path) rememberOpened(info.project, now.path)
  })
}

/** The address names the open file, so that a reload comes back to it. */
function keepPlace({ documents, view }: Workbench) {
  const show = () => {
    const { path } = documents.getState()
    const here = view.getState().room === 'start' || path === null ? '' : `?file=${encodeURIComponent(path)}`
    if (location.search !== here) history.replaceState(null, '', location.pathname + here)
  }
  documents.subscribe((now, before) => now.path !== before.path && show())
  view.subscribe((now, before) => now.room !== before.room && show())
}

/** After the engine came back, asks it again what it knows of the document and of the run that was under way. */
function followConnection({ engine, runs, checks }: Workbench, connection: SteadyEngine['connection']) {
  connection.subscribe((now, before) => {
    if (now.state !== 'open' || before.state === 'open') return
    checks.recheck()
    const { current } = runs.getState()
    if (current !== null) engine.runDetail({ run: current }).then(runs.adopt, () => {})
  })
}
