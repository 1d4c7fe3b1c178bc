import { type PortAddress, portAddress } from '#graph/adjacency'
import { wireOfId } from '../state/edits/connect.ts'

/** Where the only selected wire comes from. */
export function focusedWire(selection: ReadonlySet<string>): PortAddress | null {
  const [only] = selection
  return selection.size === 1 && only?.includes('→') ? portAddress(wireOfId(only).from) : null
}
