import type { Engine, Hash, HostApi } from '#contract'

export type SaveFile = HostApi['saveFile']

/** Saves a file by the browser's own download, where no host offers a dialog. */
async function download(name: string, bytes: Uint8Array): Promise<boolean> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'text/html' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return true
}

/** Saves a run's offline report, or the one named; gives the file's name, or null when the user said nowhere. */
export async function saveReport(
  engine: Engine,
  of: { readonly run: string; readonly report?: Hash },
  saveFile: SaveFile = download,
): Promise<string | null> {
  const { name, html } = await engine.reportHtml(of)
  return (await saveFile(name, new TextEncoder().encode(html))) ? name : null
}
