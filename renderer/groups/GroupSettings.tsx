import './groups.css'
import { shortValue } from '#graph/fingerprint'
import { keepVersion, updateVersion, versionChanges } from '#graph/groups/group-acts'
import { groupOfNode } from '#graph/groups/group-of-node'
import type { DocumentDifference } from '#graph/versions/diff-documents'
import { enterGroup } from '../commands/acts/levels.ts'
import { makeIndependent } from '../commands/make-independent.ts'
import { runCommand } from '../commands/run-command.ts'
import { unpackGroup } from '../commands/unpack-group.ts'
import { useDocument, useFile, useWorkbench } from '../shell/workbench-context.ts'
import { usesOfGroup } from '../state/edits/name-group.ts'
import { groupMessages } from './group-messages.ts'

/** What can be done with a node that stands for a group, and which version of the group it uses. */
export function GroupSettings({ node }: { node: string }) {
  const workbench = useWorkbench()
  const document = useDocument((state) => state.document)
  const type = document.nodes[node]?.type ?? ''
  const uses = useFile((state) => usesOfGroup(state.document, type))
  const group = groupOfNode(document.groups, document.nodes[node])
  if (!group) return null
  return (
    <section className="group-settings" aria-label={groupMessages.group}>
      {group.newer !== undefined && <Outdated node={node} />}
      <div>
        <button type="button" className="button small" onClick={() => enterGroup(workbench, node)}>
          {groupMessages.open}
        </button>
        <button type="button" className="button small" onClick={() => runCommand(unpackGroup, workbench)}>
          {groupMessages.unpack}
        </button>
        {uses > 1 && (
          <button type="button" className="button small" onClick={() => runCommand(makeIndependent, workbench)}>
            {groupMessages.independent}
          </button>
        )}
        {uses > 1 && group.newer === undefined && (
          <button
            type="button"
            className="button small"
            title={groupMessages.keepWhy}
            onClick={() => workbench.documents.edit(groupMessages.edits.keep, (old) => keepVersion(old, node))}
          >
            {groupMessages.keep}
          </button>
        )}
      </div>
      <p className="mute">{uses > 1 ? groupMessages.shared(uses) : groupMessages.alone}</p>
    </section>
  )
}

function Outdated({ node }: { node: string }) {
  const { documents } = useWorkbench()
  const document = useDocument((state) => state.document)
  const group = groupOfNode(document.groups, document.nodes[node])
  const newest = group?.newer === undefined ? undefined : document.groups?.[group.newer]
  const difference = versionChanges(document, node)
  if (!group || !newest || !difference) return null
  const changes = changeWords(difference)
  return (
    <div className="group-outdated">
      <b>{groupMessages.outdated(group.version, newest.version)}</b>
      {changes.length === 0 ? (
        <span>{groupMessages.same}</span>
      ) : (
        <ul className="group-changes" aria-label={groupMessages.changes}>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button small"
        onClick={() => documents.edit(groupMessages.edits.update, (old) => updateVersion(old, node))}
      >
        {groupMessages.update}
      </button>
    </div>
  )
}

function changeWords({ added, removed, changed, wires, settings }: DocumentDifference): readonly string[] {
  const { changed: change, wired, unwired } = groupMessages
  return [
    ...added.map(({ node }) => groupMessages.added(node)),
    ...removed.map(({ node }) => groupMessages.removed(node)),
    ...changed.map(({ node, what, a, b }) => change(node, what, shortValue(a), shortValue(b))),
    ...wires.added.map(({ from, to }) => wired(from, to)),
    ...wires.removed.map(({ from, to }) => unwired(from, to)),
    ...settings.map(settingWords),
  ]
}

function settingWords({ what, a, b }: DocumentDifference['settings'][number]): string {
  const setting = what.replace(/^inputs /, '')
  if (what === 'name') return groupMessages.renamed(shortValue(a), shortValue(b))
  return b === null ? groupMessages.hides(setting) : groupMessages.shows(setting)
}
