import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { customTypesConfig } from '#run/custom/check-types'
import { customFamily, customFolder, findCustomNodes } from '#run/custom/custom-folder'
import { openTrustedFolders } from '#run/custom/trusted-folders'
import { type Command, exitCodes, projectFlag, UsageError } from './command.ts'
import { newNodeExample, newNodeSource } from './node-template.ts'
import { currentProject } from './project.ts'

export const nodeNewCommand: Command = {
  words: 'node new',
  summary: 'begin a node of your own in this project',
  positionals: [{ name: 'NAME', doc: 'lower-case words, joined by hyphens' }],
  flags: projectFlag,
  notes: `
Writes ${customFolder}/NAME with a node that keeps the first rows of a table, and an example of it. Where the folder was trusted, or is
new, it is trusted as it stands afterwards.`,
  async run({ given, io }) {
    const name = given.positional('NAME')
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
      throw new UsageError(
        `A node can not be called "${name}".`,
        'Use lower-case words, joined by hyphens: "late-payers".',
      )
    const project = currentProject(given, io)
    const folder = path.join(project, customFolder, name)
    if (existsSync(folder)) throw new UsageError(`${customFolder}/${name} exists already.`, 'Choose another name.')
    const trusted = openTrustedFolders()
    const before = findCustomNodes(project)
    mkdirSync(folder, { recursive: true })
    for (const [file, text] of newNodeFiles(name)) writeFileSync(path.join(folder, file), text)
    const config = path.join(project, customFolder, 'tsconfig.json')
    if (!existsSync(config)) {
      writeFileSync(config, customTypesConfig({ include: ['**/*.ts'] }))
      writeFileSync(path.join(project, customFolder, '.gitignore'), 'tsconfig.json\n')
    }
    const isTrusted = !before || trusted.has(before.hash)
    if (isTrusted) trusted.add(findCustomNodes(project)!.hash, project)
    io.out.write(
      `Wrote ${customFolder}/${name}. Next: edit node.ts, then plumbline node check ${name}.\n${isTrusted ? 'It is in the palette now; a change has to be trusted in the app, or with plumbline node trust.\n' : ''}`,
    )
    return exitCodes.done
  },
}

/** Files of a new node, by name. */
function newNodeFiles(name: string): ReadonlyMap<string, string> {
  const type = `${customFamily}/${name}`
  return new Map([
    ['node.ts', newNodeSource(type)],
    ['example.plumb.json', newNodeExample(type)],
  ])
}
