import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The project's own files as text, for the tests about the project itself. */
export interface SourceTree {
  /** Paths with forward slashes, from the root. */
  readonly files: readonly string[]
  text(file: string): string
}

const skipped: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'release',
  '.tsbuild',
  '.git',
  '.plumbline',
  '.venv-core',
  'test-results',
])

export function readSourceTree(root: string): SourceTree {
  const found = globSync('**/*.{ts,tsx,mjs,css,html,md,yml}', {
    cwd: root,
    exclude: (name) => skipped.has(path.basename(name)),
  })
  const texts = new Map<string, string>()
  return {
    files: found.map((file) => file.split(path.sep).join('/')).sort(),
    text(file) {
      const text = texts.get(file) ?? readFileSync(path.join(root, file), 'utf8')
      texts.set(file, text)
      return text
    },
  }
}

const importPattern = /(?:from\s*|import\s*|import\(\s*|new URL\()['"]([^'"]+)['"]/g

/** The project's files that a source file imports, by path. */
export function importsOf(tree: SourceTree, file: string): string[] {
  const known = new Set(tree.files)
  return [...tree.text(file).matchAll(importPattern)]
    .flatMap(([, name]) => resolveImport(file, name!))
    .filter((target) => known.has(target))
}

function resolveImport(file: string, name: string): string[] {
  if (name === '#contract') return ['engine/contract/index.ts']
  if (name === '#nodes') return ['nodes/catalogue.ts']
  if (name.startsWith('#')) return [`engine/${name.slice(1)}.ts`]
  if (!name.startsWith('.')) return []
  const target = path.posix.join(path.posix.dirname(file), name.replace(/\?.*$/, ''))
  return [target, `${target}.ts`, `${target}.tsx`]
}

/** "engine/ml", "nodes/train/linear", "renderer": files of one room are tested by the tests of that room. */
export function roomOf(file: string): string {
  const parts = file.split('/')
  if (parts[0] === 'engine') return parts.slice(0, 2).join('/')
  return parts[0]!
}

/** Tests and what only they use. */
export function isTest(file: string): boolean {
  return /\.(test|spec|test-support)\.tsx?$/.test(file)
}

/**
 * Source files of a room that none of its tests reaches: none beside them, none that imports them or what imports them.
 * `testers` are rooms whose tests count as well, `roots` files that are run as a whole by tests that import nothing.
 */
export function untestedFiles(
  tree: SourceTree,
  room: string,
  testers: readonly string[] = [],
  roots: readonly string[] = [],
): string[] {
  const rooms = [room, ...testers]
  const code = tree.files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && rooms.includes(roomOf(file)))
  const reached = new Set<string>()
  const open = code.filter((file) => isTest(file) || roots.includes(file))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    open.push(...importsOf(tree, file).filter((target) => rooms.includes(roomOf(target))))
  }
  return code.filter((file) => roomOf(file) === room && !reached.has(file) && holdsCode(tree.text(file)))
}

/** False for files of types alone and for those that only pass on what others export. */
function holdsCode(text: string): boolean {
  const bare = text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '')
  return /^(export )?(default )?(async )?(function|class|const|let)\b|^export default\b|^await\b|^[a-z]\w*[.(]/m.test(
    bare,
  )
}

const linkPattern = /\[[^\]]*\]\(([^)\s]+)\)/g

/** Links of a Markdown file that lead nowhere: files that are missing, headings that are not there. */
export function deadLinks(tree: SourceTree, file: string, exists: (path: string) => boolean): string[] {
  const text = tree.text(file).replaceAll(/```.*?```/gs, '')
  return [...text.matchAll(linkPattern)]
    .map((match) => match[1]!)
    .filter((link) => {
      if (/^[a-z]+:/.test(link)) return false
      const [target, anchor] = link.split('#') as [string, string | undefined]
      const page = target === '' ? file : path.posix.join(path.posix.dirname(file), decodeURIComponent(target))
      if (!exists(page)) return true
      return anchor !== undefined && page.endsWith('.md') && !anchorsOf(tree.text(page)).has(anchor)
    })
}

/** Anchors of a page's headings, made the way GitHub makes them. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.*)$/gm)].map((match) => match[1]!)
  return new Set(
    headings.map((heading) =>
      heading
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  )
}
