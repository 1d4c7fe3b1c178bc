import '@fontsource-variable/inter'
import '../theme/tokens.css'
import '../theme/base.css'
import { createRoot } from 'react-dom/client'
import { createStore } from 'zustand/vanilla'
import { browserHost } from '../host/browser-host.ts'
import { startApp } from '../shell/start-app.tsx'
import { applyTheme, storedTheme } from '../theme/apply-theme.ts'
import { sampleDocument } from './sample-document.test-support.ts'
import { createSampleEngine } from './sample-engine.test-support.ts'
import type { Connection } from './steady-engine.ts'

applyTheme(storedTheme())
const engine = createSampleEngine({ 'loan-approval.plumb.json': sampleDocument })
const connection = createStore<{ readonly state: Connection }>(() => ({ state: 'open' }))
void startApp(createRoot(document.querySelector('#root') as HTMLElement), { engine, connection }, browserHost())
