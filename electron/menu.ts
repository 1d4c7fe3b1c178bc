import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'

/** The system's menu. Items with an id run the app's command of that id; the app's own shortcuts stay in the page. */
export function showMenu(window: BrowserWindow): void {
  const command = (label: string, id: string): MenuItemConstructorOptions => ({
    label,
    click: () => window.webContents.send('command', id),
  })
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        command('New pipeline', 'new-pipeline'),
        command('Open …', 'open'),
        command('Save', 'save'),
        { type: 'separator' },
        { role: process.platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: 'Run', submenu: [command('Run', 'run'), command('Stop', 'stop')] },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
