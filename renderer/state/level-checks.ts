import { createStore } from 'zustand/vanilla'
import type { DocumentCheck, WireVerdict } from '#contract'
import { portAddress } from '#graph/adjacency'
import { expandGroups } from '#graph/groups/expand-groups'
import { groupsAround, joinIds } from '#graph/groups/group-ids'
import type { CheckState, CheckStore } from './check-store.ts'
import type { LevelStore } from './level-store.ts'

export type LevelChecks = ReturnType<typeof createLevelChecks>

/** What the engine makes of the nodes on the level we are on. */
export function createLevelChecks(all: CheckStore, level: LevelStore) {
  const seen = (): CheckState => {
    const state = all.getState()
    if (!state.check || !state.of?.groups) return state
    return { ...state, check: levelCheck(state.check, state.of, level.getState().path) }
  }
  const store = createStore<CheckState>(seen)
  const refresh = () => store.setState(seen(), true)
  all.subscribe(refresh)
  level.subscribe(refresh)
  const { getState, getInitialState, subscribe } = store
  return { ...all, getState, getInitialState, subscribe }
}

function levelCheck(check: DocumentCheck, of: NonNullable<CheckState['of']>, path: readonly string[]): DocumentCheck {
  const prefix = path.length === 0 ? '' : joinIds(...path, '')
  const local = (id: string) => (id.startsWith(prefix) ? id.slice(prefix.length) : '')
  const nodes = Object.entries(check.nodes).flatMap(([id, node]) => {
    const name = local(id)
    return name === '' || groupsAround(name).length > 0 ? [] : [[name, node] as const]
  })
  return {
    ...check,
    nodes: Object.fromEntries(nodes),
    ...(check.wires && { wires: levelWires(check.wires, portsOfEnds(of), prefix) }),
  }
}

/** The group's port, as an address on its level, for each port inside that is wired to it. */
function portsOfEnds(document: NonNullable<CheckState['of']>): ReadonlyMap<string, readonly string[]> {
  const ports = new Map<string, string[]>()
  for (const [port, addresses] of expandGroups(document).ends) {
    const around = groupsAround(port)
    const address = `${joinIds(...around)}.${port.slice(joinIds(...around, '').length)}`
    for (const end of addresses) ports.set(end, [...(ports.get(end) ?? []), address])
  }
  return ports
}

/** Wires between nodes of this level, or through the ports of groups on it. */
function levelWires(
  wires: readonly WireVerdict[],
  ports: ReadonlyMap<string, readonly string[]>,
  prefix: string,
): readonly WireVerdict[] {
  const here = (address: string) =>
    [address, ...(ports.get(address) ?? [])].flatMap((one) => {
      const rest = one.startsWith(prefix) ? one.slice(prefix.length) : ''
      return rest === '' || groupsAround(portAddress(rest).node).length > 0 ? [] : [rest]
    })
  return wires.flatMap((wire) => {
    const [from, to] = [here(wire.from)[0], here(wire.to)[0]]
    return from !== undefined && to !== undefined ? [{ ...wire, from, to }] : []
  })
}
