import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const exportReport: Command = {
  id: 'export-report',
  label: messages.commands.exportReport,
  group: 'file',
  keys: [],
  when: building,
  run: async ({ checks, engine, host, notices, runs }) => {
    const last = Object.values(checks.getState().check?.nodes ?? {}).flatMap((node) =>
      node.last && Object.values(node.last.outputs).some((output) => output.kind === 'report') ? [node.last] : [],
    )[0]
    const run = runs.getState().current ?? last?.run
    if (!run) {
      notices.say(messages.notices.noReport)
      return
    }
    try {
      const { name, html } = await engine.reportHtml({ run })
      if (await host.saveFile(name, new TextEncoder().encode(html))) notices.say(messages.notices.reportSaved(name))
    } catch (error) {
      notices.complain(error)
    }
  },
}
