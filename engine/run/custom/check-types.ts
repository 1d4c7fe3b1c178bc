import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Problem } from '#contract'
import { customFolder } from './custom-folder.ts'
import { plainNode, program } from './program.ts'

/** What the type check found in each node, by its folder; a node without an entry has types that fit. */
export type TypeFindings = ReadonlyMap<string, readonly Problem[]>

const patienceMs = 60_000
const mostFindings = 20

/** Where the types of what custom nodes import are, for the editor and the type check; it names places of this computer. */
export function customTypesConfig(
  files: { readonly include: readonly string[] } | { readonly files: readonly string[] },
) {
  const from = (name: string) => path.join(program, name)
  const config = {
    extends: from('tsconfig.base.json'),
    compilerOptions: {
      composite: false,
      emitDeclarationOnly: false,
      noEmit: true,
      lib: ['ES2025'],
      module: 'preserve',
      moduleResolution: 'bundler',
      rootDir: path.parse(program).root,
      types: ['node'],
      typeRoots: [from('node_modules/@types')],
      paths: {
        '#contract': [from('engine/contract/index.ts')],
        '#ml/*': [from('engine/ml/*.ts')],
        '#report/*': [from('engine/report/*.ts')],
        zod: [from('node_modules/zod')],
      },
    },
    ...files,
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/**
 * Checks the types of the named nodes and of what they import, in a process of its own; none of their code runs.
 * Undefined where no TypeScript is installed with the program, or where it gave no answer.
 */
export async function checkCustomTypes(
  project: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<TypeFindings | undefined> {
  const compiler = path.join(program, 'node_modules', 'typescript', 'bin', 'tsc')
  const node = plainNode()
  if (!node || !existsSync(compiler)) return undefined
  if (names.length === 0) return new Map()
  const place = mkdtempSync(path.join(os.tmpdir(), 'plumbline-types-'))
  try {
    const folder = realpathSync(path.join(project, customFolder))
    const config = path.join(place, 'tsconfig.json')
    writeFileSync(config, customTypesConfig({ files: names.map((name) => path.join(folder, name, 'node.ts')) }))
    const output = await new Promise<string | undefined>((resolve) =>
      execFile(
        node,
        [compiler, '-p', config, '--pretty', 'false'],
        { cwd: folder, timeout: patienceMs, maxBuffer: 1 << 26, ...(signal && { signal }) },
        // It ends with 1 or 2 where it found something; anything else is no answer.
        (error, out) => resolve(error && !isFinding(error.code) ? undefined : out),
      ),
    )
    return output === undefined ? undefined : readFindings(output, names)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

const isFinding = (code: unknown) => code === 1 || code === 2

/** `few/node.ts(12,9): error TS2322: Type 'string' is …`; lines set in below it lead to the cause, which is the last. */
const finding = /^(.+?)\((\d+),\d+\): error (TS\d+): (.+)((?:\n +.+)*)/gm

/** The words of the compiler by node. What stands in a file that belongs to no node counts for all; the program's own files don't count. */
function readFindings(output: string, names: readonly string[]): TypeFindings {
  const found = new Map<string, Problem[]>()
  for (const [, place, row, code, first, more] of output.replaceAll('\r', '').matchAll(finding)) {
    const file = place!.replaceAll('\\', '/')
    if (file.startsWith('..') || path.isAbsolute(file)) continue
    const cause = more!.split('\n').at(-1)!.trim()
    const sentence = [first!, ...(cause ? [cause] : [])].map((text) => text.replace(/\.$/, '')).join(': ')
    const problem = typeProblem(file, Number(row), `${sentence} (${code})`)
    const owner = file.split('/')[0]!
    for (const name of names.includes(owner) ? [owner] : names) found.set(name, [...(found.get(name) ?? []), problem])
  }
  return new Map([...found].map(([name, problems]) => [name, problems.slice(0, mostFindings)]))
}

function typeProblem(file: string, line: number, message: string): Problem {
  return {
    code: 'code-bad',
    message: `${customFolder}/${file}, line ${line}: ${message}.`,
    fix: `Change line ${line} of ${customFolder}/${file} so that its types fit; the node runs once they do.`,
  }
}
