import '@fontsource-variable/inter'
import './theme/tokens.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { connect } from './client/connect.ts'
import { desktopBridge, findHost } from './host/find-host.ts'
import { startApp } from './shell/start-app.tsx'
import { applyTheme, storedTheme } from './theme/apply-theme.ts'

// The page's policy forbids eval, which zod would try for speed.
z.config({ jitless: true })
applyTheme(storedTheme())
const root = createRoot(document.querySelector('#root') as HTMLElement)
void startApp(root, connect(desktopBridge()), findHost())
