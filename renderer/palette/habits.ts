const storageKey = 'plumbline.habits'

/** How often the user has added each type; kept on this computer only. */
function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Record<string, number>
  } catch {
    return {}
  }
}

export function habitOf(type: string): number {
  return read()[type] ?? 0
}

export function rememberAdded(type: string): void {
  const counts = read()
  localStorage.setItem(storageKey, JSON.stringify({ ...counts, [type]: (counts[type] ?? 0) + 1 }))
}
