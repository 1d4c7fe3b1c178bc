import type { Workbench } from '../../state/workbench.ts'

/** Path of a file the user chose: in the desktop's own dialog, else in the app's list of the engine's folders. */
export function pickFile({ host, view }: Workbench, extensions: readonly string[]): Promise<string | null> {
  if (host.kind === 'electron') return host.pickFile(extensions)
  return new Promise((resolve) => {
    view.set({
      picking: {
        extensions,
        chosen: (path) => {
          view.set({ picking: null })
          resolve(path)
        },
      },
    })
  })
}
