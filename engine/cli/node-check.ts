import { fork } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProblemError } from '#contract'
import { checkCustomTypes } from '#run/custom/check-types'
import type { CheckTold } from '#run/custom/checked-promise'
import { customFolder, type FoundNode, findCustomNodes } from '#run/custom/custom-folder'
import { fenceOf } from '#run/custom/custom-process'
import { type Command, exitCodes, jsonFlag, projectFlag } from './command.ts'
import { currentProject } from './project.ts'

export const nodeCheckCommand: Command = {
  words: 'node check',
  summary: 'run the conformance suite on a node of your own',
  positionals: [{ name: 'NAME', doc: `its folder in ${customFolder}` }],
  flags: { ...jsonFlag, ...projectFlag },
  notes: `
Runs the code of the node, behind the same fence as in the app. Types are checked where TypeScript is installed with Plumbline.`,
  async run({ given, io }) {
    const project = realpathSync(currentProject(given, io))
    const name = given.positional('NAME')
    const found = findCustomNodes(project)?.nodes.find((node) => node.name === name)
    if (!found) throw unknownNode(project, name)
    if (found.problem) throw new ProblemError(found.problem)
    const findings = await checkCustomTypes(project, [name])
    const types = findings && (findings.get(name) ?? []).map(({ message }) => message)
    const told = await checkBehindFence(project, found)
    const suite = 'promises' in told ? told.promises : [{ promise: 'can be loaded', faults: [told.problem] }]
    const promises = [...(types ? [{ promise: 'has types that fit', faults: types }] : []), ...suite]
    const broken = promises.filter(({ faults }) => faults.length > 0)
    if (given.has('json')) io.out.write(`${JSON.stringify({ promises })}\n`)
    else {
      for (const { promise, faults } of promises)
        io.out.write(
          `${faults.length === 0 ? '✓' : '✕'} ${promise}\n${faults.map((fault) => `    ${fault}\n`).join('')}`,
        )
      if (!types) io.out.write('– types were not checked: no TypeScript is installed with Plumbline\n')
      const end = broken.length === 0 ? 'keeps every promise' : `breaks ${broken.length} of ${promises.length} promises`
      io.out.write(`\n${found.type} ${end}.\n`)
    }
    return broken.length === 0 ? exitCodes.done : exitCodes.failed
  },
}

function unknownNode(project: string, name: string): ProblemError {
  const names = findCustomNodes(project)?.nodes.map((node) => node.name) ?? []
  return new ProblemError({
    code: 'not-found',
    message: `There is no ${customFolder}/${name}/node.ts in this project.`,
    fix:
      names.length > 0
        ? `Name one that is there: ${names.join(', ')}.`
        : `Begin one with "plumbline node new ${name}".`,
  })
}

const patienceMs = 300_000

async function checkBehindFence(project: string, node: FoundNode): Promise<CheckTold> {
  const temporary = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'plumbline-node-')))
  const { command, flags, environment } = fenceOf(node, { project, temporary, checkpoints: temporary })
  const module = fileURLToPath(new URL('../check/check-custom-process.ts', import.meta.url))
  const [execPath, ...before] = command
  try {
    return await new Promise((resolve) => {
      let words = ''
      const child = fork(module, [node.file], {
        ...(execPath && { execPath }),
        execArgv: [...before, ...flags, '--disable-warning=ExperimentalWarning'],
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        timeout: patienceMs,
      })
      child.stderr!.on('data', (chunk: Buffer) => {
        words = (words + chunk).slice(-2_000)
      })
      child.once('message', (told) => resolve(told as CheckTold))
      child.once('exit', (code) =>
        resolve({ problem: `its process ended with ${code} and said nothing. ${words.trim()}` }),
      )
    })
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
