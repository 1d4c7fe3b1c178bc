import type { JsonValue, NodeCard, PipelineDocument } from '#contract'
import { applyEdit } from '../apply-edit.ts'
import { applySettings, settingTarget, withParameter } from '../set-inputs.ts'
import { expandGroups, resolveSettings } from './expand-groups.ts'
import { showSetting } from './group-acts.ts'
import { groupsAround, localId } from './group-ids.ts'
import { groupAt, type LevelPath, levelDocument, withLevel } from './levels.ts'

/** Where the value of a parameter stands that one node inside groups has, and none beside it. */
export interface SettingPlace {
  /** With settings shown on the way where groups that are used several times had to be told apart. */
  readonly document: PipelineDocument
  readonly path: LevelPath
  readonly node: string
  readonly param: string
  /** A setting that a group did not show before. */
  readonly newlyShown: boolean
}

/**
 * A group shows the parameter: at its node, and so on outwards. A group that is used once: inside it. A group that is used
 * several times shows it from now on, so that the others keep what they have.
 */
export function settingPlace(document: PipelineDocument, whole: string, parameter: string): SettingPlace {
  const path = groupsAround(whole)
  const place = { document, path, node: localId(whole), param: parameter, newlyShown: false }
  return groupAt(document, path) === undefined ? { ...place, path: [], node: whole } : outwards(place)
}

function outwards(place: SettingPlace): SettingPlace {
  const { document, path, node, param } = place
  const instance = path.at(-1)
  if (instance === undefined) return place
  const name = shownAs(levelDocument(document, path), node, param)
  if (name !== undefined) return outwards({ ...place, path: path.slice(0, -1), node: instance, param: name })
  if (timesUsed(document, path) === 1) return place
  const shown = withLevel(document, path, showSetting(levelDocument(document, path), node, param))
  return outwards({ ...place, document: shown, newlyShown: true })
}

/** The name under which a level shows a parameter of one of its nodes. */
export function shownAs({ inputs }: Pick<PipelineDocument, 'inputs'>, node: string, param: string): string | undefined {
  return Object.entries(inputs).find(([, target]) => target === `${node}.${param}`)?.[0]
}

/** How many nodes of the whole pipeline stand for the group a path leads into. */
export function timesUsed(document: PipelineDocument, path: LevelPath): number {
  const group = document.groups?.[groupAt(document, path) ?? '']
  return [...expandGroups(document).instances.values()].filter((one) => one === group).length
}

/** Sets a parameter of one node, by its whole id, and of no other. */
export function setInside(
  document: PipelineDocument,
  whole: string,
  parameter: string,
  value: JsonValue,
): PipelineDocument {
  const place = settingPlace(document, whole, parameter)
  const level = levelDocument(place.document, place.path)
  return withLevel(place.document, place.path, withParameter(level, { node: place.node, path: [place.param] }, value))
}

/** Sets a parameter of a node, by its whole id: at the card that shows it, else in its group, for all that stand for it. */
export function setWhereItStands(
  document: PipelineDocument,
  {
    node: whole,
    param: parameter,
    value,
  }: { readonly node: string; readonly param: string; readonly value: JsonValue },
): PipelineDocument {
  const shown = (path: LevelPath, node: string, param: string): PipelineDocument => {
    const level = levelDocument(document, path)
    const name = shownAs(level, node, param)
    const around = path.at(-1)
    if (around !== undefined && name !== undefined) return shown(path.slice(0, -1), around, name)
    const edited = applyEdit(level, { do: 'set', node, param, value })
    return edited === level ? document : withLevel(document, path, edited)
  }
  const path = groupsAround(whole)
  return groupAt(document, path) === undefined ? shown([], whole, parameter) : shown(path, localId(whole), parameter)
}

/** As `applySettings`, also for parameters inside groups; a group's other nodes keep what they have. */
export function applySettingsInside(
  document: PipelineDocument,
  settings: Readonly<Record<string, string>>,
  cards: readonly Pick<NodeCard, 'type' | 'params'>[],
): PipelineDocument {
  const expanded = expandGroups(document)
  const resolved = resolveSettings(expanded, settings)
  const { nodes } = applySettings(expanded.document, resolved, cards)
  return Object.keys(resolved).reduce((changed, name) => {
    const { node, path } = settingTarget(expanded.document, name)!
    const [parameter] = path as [string]
    return setInside(changed, node, parameter, nodes[node]!.params[parameter] as JsonValue)
  }, document)
}
