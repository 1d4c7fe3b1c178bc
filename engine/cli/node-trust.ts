import { ProblemError } from '#contract'
import { checkCustomTypes } from '#run/custom/check-types'
import { customFolder, findCustomNodes } from '#run/custom/custom-folder'
import { openTrustedFolders } from '#run/custom/trusted-folders'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { problemsText } from './problems-text.ts'
import { currentProject } from './project.ts'
import { textTable } from './text-table.ts'

export const nodeTrustCommand: Command = {
  words: 'node trust',
  summary: "let the project's own nodes run on this computer",
  positionals: [],
  flags: {
    yes: { doc: 'trust the folder as it is; without it, only what the nodes ask for is shown' },
    ...projectFlag,
  },
  async run({ given, io }) {
    const project = currentProject(given, io)
    const found = findCustomNodes(project)
    if (!found)
      throw new ProblemError({
        code: 'not-found',
        message: `This project has no folder ${customFolder}.`,
        fix: 'Begin a node with "plumbline node new NAME".',
      })
    const trusted = openTrustedFolders()
    const rows = found.nodes.map(({ type, permissions: { read, network, native }, problem }) => [
      type,
      problem?.message ??
        ([
          ...(read.length > 0 ? [`reads ${read.join(', ')}`] : []),
          ...(network ? ['network'] : []),
          ...(native ? ['native code'] : []),
        ].join('; ') ||
          'nothing but its inputs'),
    ])
    io.out.write(`${textTable([['node', 'asks for'], ...rows])}\n`)
    const names = found.nodes.filter(({ problem }) => !problem).map(({ name }) => name)
    const findings = [...((await checkCustomTypes(project, names)) ?? [])].flatMap(([, problems]) => problems)
    if (findings.length > 0) io.out.write(`\n${problemsText(findings)}\n`)
    if (given.has('yes')) trusted.add(found.hash, project)
    const isTrusted = trusted.has(found.hash)
    io.out.write(
      isTrusted
        ? `\nTrusted on this computer as it is (content ${found.hash.slice(0, 12)}).\n`
        : '\nNot trusted: none of this code runs. Trust it with plumbline node trust --yes.\n',
    )
    return isTrusted ? exitCodes.done : exitCodes.waiting
  },
}
