/** What the user chose; `system` follows the desktop. */
export type ThemeChoice = 'system' | 'light' | 'dark'

const storageKey = 'plumbline.theme'

export function storedTheme(): ThemeChoice {
  const stored = localStorage.getItem(storageKey)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function resolveTheme(choice: ThemeChoice): 'light' | 'dark' {
  if (choice !== 'system') return choice
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

/** Marks the page with the theme and keeps an explicit choice for the next start. */
export function applyTheme(choice: ThemeChoice): 'light' | 'dark' {
  const theme = resolveTheme(choice)
  document.documentElement.dataset.theme = theme
  if (choice === 'system') localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, choice)
  return theme
}

/** Calls back when the desktop changes between light and dark; gives the function that stops it. */
export function watchSystemTheme(changed: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)')
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}
