import { fileURLToPath } from 'node:url'
import type { AnyNode } from '#contract'
import { keepForm } from '#graph/describe-node'
import { compiledProgram } from './compiled-program.ts'

/** Takes the forms of the program's own nodes from the compiled program: to work them out takes a tenth of a start. */
export function takeCompiledForms(catalogue: readonly AnyNode[], catalogueUrl: string): void {
  const program = compiledProgram()
  if (!program?.modules.has(fileURLToPath(catalogueUrl))) return
  const forms = program.forms()
  for (const node of catalogue) {
    const form = forms[node.type]
    if (form) keepForm(node, form)
  }
}
