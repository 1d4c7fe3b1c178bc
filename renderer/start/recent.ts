const storageKey = 'plumbline.recent'
const most = 60

/** When pipelines of a project were opened in this browser, newest last; kept on this computer only. */
export function openedAt(project: string): Readonly<Record<string, number>> {
  try {
    return (
      (JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Record<string, Record<string, number>>)[project] ?? {}
    )
  } catch {
    return {}
  }
}

export function rememberOpened(project: string, path: string): void {
  let all: Record<string, Record<string, number>> = {}
  try {
    all = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as typeof all
  } catch {
    // an unreadable list starts anew
  }
  const list = Object.entries({ ...all[project], [path]: Date.now() }).sort((a, b) => a[1] - b[1])
  localStorage.setItem(storageKey, JSON.stringify({ ...all, [project]: Object.fromEntries(list.slice(-most)) }))
}
