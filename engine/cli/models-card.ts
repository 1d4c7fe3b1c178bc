import { ProblemError, type Report } from '#contract'
import { fileStem, renderReportPage } from '#report/page'
import { openContentFiles } from '#store/content-files'
import { artifactsFolder } from '#store/open-store'
import { chooseVersion, listModels } from '#store/read-registry'
import { getValue } from '#store/values'
import { type Command, exitCodes, projectFlag } from './command.ts'
import { withRegistry } from './open-registry.ts'
import { currentProject } from './project.ts'
import { savePage } from './save-page.ts'
import { engineVersion } from './version.ts'

export const modelsCardCommand: Command = {
  words: 'models card',
  summary: 'save the model card of a version',
  positionals: [{ name: 'MODEL', doc: 'NAME@VERSION, NAME@STAGE or NAME@ALIAS; NAME alone means the newest' }],
  flags: {
    html: { value: 'FILE', doc: 'where to save it (default: a file here, called like the card)' },
    ...projectFlag,
  },
  notes: 'The card is one HTML file that opens without a network and without Plumbline.',
  async run({ given, io }) {
    const [name, selector = 'latest'] = given.positional('MODEL').split('@') as [string, string?]
    const project = currentProject(given, io)
    const version = withRegistry(project, (db) => {
      const { version: number } = chooseVersion(db, name, selector)
      const model = listModels(db).find((one) => one.name === name)
      return model!.versions.find((one) => one.version === number)!
    })
    if (!version.card)
      throw new ProblemError({
        code: 'not-found',
        message: `Version ${version.version} of ${name} has no model card.`,
        fix: 'Run the pipeline that registers it again.',
      })
    const report = (await getValue(openContentFiles(artifactsFolder(project)), version.card)) as unknown as Report
    const { html } = renderReportPage(report, { run: version.run, at: version.registeredAt, engine: engineVersion() })
    await savePage(io, given.value('html'), { name: `${fileStem(report.title)}-v${version.version}.html`, html })
    return exitCodes.done
  },
}
