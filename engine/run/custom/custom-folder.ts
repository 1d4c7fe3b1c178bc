import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { type CustomPermissions, type Hash, type Problem, ProblemError, problemsOf } from '#contract'
import { hashBytes } from '#store/hashing'

export const customFolder = 'custom-nodes'
export const customFamily = 'custom'
/** For the editor, written for each computer; nothing runs because of them. */
const aside = new Set(['tsconfig.json', '.gitignore', '.DS_Store'])
const mostFiles = 2_000

/** A node of the project as it lies on the disk; reading it runs nothing. */
export interface FoundNode {
  readonly name: string
  readonly type: string
  readonly file: string
  readonly permissions: CustomPermissions
  readonly problem?: Problem
}
export interface FoundFolder {
  /** Over every file: whatever any node could import. */
  readonly hash: Hash
  readonly nodes: readonly FoundNode[]
}

/** Names, sizes and times of all files: a cheap sign that something changed. Empty without a folder. */
export function customStamp(project: string): string {
  const folder = path.join(project, customFolder)
  return listFiles(folder)
    .map((name) => {
      const stat = statSync(path.join(folder, name), { bigint: true, throwIfNoEntry: false })
      return `${name} ${stat?.size} ${stat?.mtimeNs}`
    })
    .join('\n')
}

export function findCustomNodes(project: string): FoundFolder | undefined {
  const folder = path.join(project, customFolder)
  const files = listFiles(folder)
  if (files.length === 0) return undefined
  const hash = hashBytes(files.map((name) => `${name}\0${hashBytes(readFileSync(path.join(folder, name)))}\n`).join(''))
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'node.ts')))
    .map((entry) => entry.name)
    .sort()
  return { hash, nodes: names.map((name) => findNode(folder, name)) }
}

function findNode(folder: string, name: string): FoundNode {
  const found = {
    name,
    type: `${customFamily}/${name}`,
    file: path.join(folder, name, 'node.ts'),
    permissions: noPermissions,
  }
  try {
    return { ...found, permissions: readPermissions(path.join(folder, name, 'permissions.json')) }
  } catch (error) {
    return { ...found, problem: problemsOf(error)[0]! }
  }
}

const noPermissions: CustomPermissions = { read: [], network: false, native: false }

const permissionsSchema = z.strictObject({
  read: z.array(z.string().min(1)).default([]),
  network: z.boolean().default(false),
  native: z.boolean().default(false),
})

function readPermissions(file: string): CustomPermissions {
  if (!existsSync(file)) return noPermissions
  try {
    return permissionsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-format',
        message: `${customFolder}/${path.basename(path.dirname(file))}/permissions.json can not be read.`,
        fix: 'Write {"read": ["data"], "network": false, "native": false}, each part only where it is needed.',
      },
      { cause },
    )
  }
}

/** Every file that code in the folder could read or import, in a total order. Links are not followed. */
function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !aside.has(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort()
  if (files.length <= mostFiles) return files
  throw new ProblemError({
    code: 'not-supported',
    message: `The folder ${customFolder} has more than ${mostFiles} files.`,
    fix: 'Keep in it what the nodes need, nothing else.',
  })
}
