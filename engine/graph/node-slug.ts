/** A readable id that the document does not use yet: "Read file" gives read-file, then read-file-2. */
export function nodeSlug(title: string, taken: Readonly<Record<string, unknown>>): string {
  const base = slugOf(title) || 'node'
  if (!Object.hasOwn(taken, base)) return base
  for (let number = 2; ; number++) {
    const id = `${base}-${number}`
    if (!Object.hasOwn(taken, id)) return id
  }
}

/** Lower-case words joined by hyphens, beginning with a letter; empty when the text has no letters. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
}
