import { type Problem, problemsOf } from '#contract'

/** The problems of anything a custom node threw: what Node's permission model refused, in words with the cure. */
export function accessProblems(thrown: unknown): readonly Problem[] {
  const { code, permission, resource } = (thrown ?? {}) as { code?: string; permission?: string; resource?: string }
  if (code !== 'ERR_ACCESS_DENIED' && code !== 'ERR_DLOPEN_DISABLED') return problemsOf(thrown)
  const kind = code === 'ERR_DLOPEN_DISABLED' ? code : (permission ?? '')
  const [what, fix] = refusals[kind] ?? otherwise
  const of = resource ? ` (${resource})` : ''
  return [{ code: 'not-supported', message: `This custom node tried to ${what}${of}.`, fix }]
}

const again = 'its permissions.json and trust it again.'
const otherwise = ['do what no custom node may', 'Work on the inputs and parameters alone.'] as const
const refusals: Readonly<Record<string, readonly [string, string]>> = {
  FileSystemRead: [
    'read a file that its permissions leave out',
    `Name the file or its folder under "read" in ${again}`,
  ],
  FileSystemWrite: [
    'write a file, and writes nothing but its result',
    'Give what it makes as an output, or keep it with context.checkpoint.',
  ],
  ChildProcess: ['start another program, which no custom node may', 'Do the work in the node itself.'],
  WorkerThreads: ['start a thread, which no custom node may', 'Do the work in the node itself.'],
  ERR_DLOPEN_DISABLED: ['load native code, which its permissions leave out', `Add "native": true to ${again}`],
}
