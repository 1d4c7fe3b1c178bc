import type { Problem } from './problem.ts'

/** What a custom node asks for beyond its inputs, as its `permissions.json` says; nothing unless it says so. */
export interface CustomPermissions {
  /** Files and folders it may read, relative to the project. */
  readonly read: readonly string[]
  readonly network: boolean
  /** Queries and models (DuckDB, ONNX Runtime): native code, which no permission holds. */
  readonly native: boolean
}
export interface CustomNodeEntry {
  /** Its folder in `custom-nodes`. */
  readonly name: string
  readonly type: string
  /** Ready ones stand in the catalogue. Code of untrusted ones was not run. */
  readonly state: 'ready' | 'broken' | 'untrusted'
  readonly permissions: CustomPermissions
  /** Why it is broken; of an untrusted one, what the type check found. */
  readonly problems: readonly Problem[]
}
/** The project's own nodes. They are trusted by their content, on this computer, outside the project. */
export interface CustomNodes {
  /** Relative to the project. */
  readonly folder: string
  /** SHA-256 over every file of the folder; absent without one. */
  readonly hash?: string
  readonly trusted: boolean
  /** Changes are trusted too until the engine closes. */
  readonly following: boolean
  /** Whether their types were looked at; `unknown` where no type checker is installed with the program. */
  readonly types: 'checking' | 'checked' | 'unknown'
  /** How the network is kept from nodes without permission for it: by the system, or only by taking away what reaches it. */
  readonly network: 'locked' | 'removed'
  readonly nodes: readonly CustomNodeEntry[]
}
