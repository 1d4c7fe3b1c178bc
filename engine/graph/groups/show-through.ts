import type { PipelineDocument } from '#contract'
import { withParameter } from '../set-inputs.ts'
import { hideSetting, showSetting } from './group-acts.ts'
import { type LevelPath, levelDocument, withLevel } from './levels.ts'
import { shownAs, timesUsed } from './set-inside.ts'

/** A parameter of a node on the level that `path` leads into. */
export interface InnerParameter {
  readonly path: LevelPath
  readonly node: string
  readonly param: string
}

/** How many levels up a parameter is shown: 1 is the innermost group's card; one more than there are groups, callers set it. */
export function levelsShown(document: PipelineDocument, { path, node, param }: InnerParameter): number {
  const name = shownAs(levelDocument(document, path), node, param)
  if (name === undefined) return 0
  const around = path.at(-1)
  return around === undefined ? 1 : 1 + levelsShown(document, { path: path.slice(0, -1), node: around, param: name })
}

/** Shows a parameter so many levels up and no further: on the cards of the groups around it, and at last to callers. */
export function showLevels(document: PipelineDocument, at: InnerParameter, levels: number): PipelineDocument {
  const { path, node, param } = at
  const level = levelDocument(document, path)
  const around = path.at(-1)
  const shown = levels > 0 ? withLevel(document, path, showSetting(level, node, param)) : document
  const name = shownAs(levelDocument(shown, path), node, param)
  if (name === undefined) return document
  const outer =
    around === undefined ? shown : showLevels(shown, { path: path.slice(0, -1), node: around, param: name }, levels - 1)
  return levels > 0 ? outer : hide(outer, at, name)
}

/** A group that is used once keeps the value it was given, so that nothing is computed differently. */
function hide(document: PipelineDocument, { path, node, param }: InnerParameter, name: string): PipelineDocument {
  const around = path.at(-1)
  const level = levelDocument(document, path)
  const value =
    around === undefined ? undefined : levelDocument(document, path.slice(0, -1)).nodes[around]!.params[name]
  const kept = value !== undefined && timesUsed(document, path) === 1
  const set = kept ? withParameter(level, { node, path: [param] }, value) : level
  return withLevel(document, path, hideSetting(set, node, param))
}
