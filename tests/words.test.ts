import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'
import { readSourceTree } from '../engine/check/source-tree.ts'

/** What people read stands in the catalogues of messages, so that it can be translated: none of it in the page's code. */

const root = path.resolve(import.meta.dirname, '..')
const files = readSourceTree(root).files.filter(
  (file) => /^renderer\/.*\.tsx?$/.test(file) && !/messages\.ts$|\.test(-support)?\.tsx?$/.test(file),
)
const spokenAttributes = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'label', 'alt'])
/** Names of keys and figures, which stay what they are in any language. */
const names = new Set(['Tab', 'roc_auc'])

interface Part {
  readonly type: string
  readonly value?: unknown
  readonly name?: { readonly name?: string }
  readonly [key: string]: unknown
}

/** Attributes that are never read out. */
const silent = new Set(['className', 'style', 'd', 'transform', 'viewBox'])

/** Sentences and labels in a piece of source: text between tags, spoken attributes, texts of several words. */
function wordsIn(part: unknown, parent: Part | undefined, found: string[]): void {
  if (Array.isArray(part)) for (const one of part) wordsIn(one, parent, found)
  if (typeof part !== 'object' || part === null || typeof (part as Part).type !== 'string') return
  const here = part as Part
  if (here.type === 'ImportDeclaration' || here.type.startsWith('TS')) return
  if (here.type === 'JSXAttribute' && silent.has(here.name?.name ?? '')) return
  const text = textOf(here, parent)?.trim()
  if (text && !names.has(text)) found.push(text)
  for (const inner of Object.values(here)) wordsIn(inner, here, found)
}

function textOf({ type, value }: Part, parent: Part | undefined): string | undefined {
  if (type === 'TemplateElement') return severalWords((value as { readonly raw: string }).raw)
  if (typeof value !== 'string') return undefined
  if (type === 'JSXText') return /[A-Za-z]{2}/.test(value) ? value : undefined
  if (type !== 'Literal') return undefined
  if (parent?.type === 'JSXAttribute' && spokenAttributes.has(parent.name?.name ?? '')) return value
  return severalWords(value)
}

const severalWords = (text: string) => (/[A-Za-z]{2,}[,:.]? [a-z]{2,}/.test(text) ? text : undefined)

/** Texts of several words that nobody reads: selectors, fonts, class names, words for developers. */
const unread = [
  /^\(prefers-/,
  /^(input|textarea), select/,
  /^Inter Variable,/,
  /^true, false$/,
  // values of parameters
  /^(is present|is missing|one of)$/,
  /^(There is no workbench around|The connection to the loopback host ended)/,
]

function spokenIn(file: string, source: string): readonly string[] {
  const found: string[] = []
  wordsIn(parseSync(file, source).program, undefined, found)
  return found.filter((text) => !unread.some((pattern) => pattern.test(text)))
}

test('the page has its words from catalogues', () => {
  const spoken = files.map((file) => [file, spokenIn(file, readFileSync(path.join(root, file), 'utf8'))] as const)
  expect(Object.fromEntries(spoken.filter(([, words]) => words.length > 0))).toEqual({})
})

test('a word between tags, in a label or in a sentence is found', () => {
  const source =
    'const view = () => <p title="Help" className="big red">Hello {`see you ` + name} {show("some day")}</p>'
  expect(spokenIn('view.tsx', source)).toEqual(['Help', 'Hello', 'see you', 'some day'])
})
