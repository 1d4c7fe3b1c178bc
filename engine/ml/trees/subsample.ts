import type { Random } from '../random/random.ts'

/** Marks `round(share x length)` places, at least one, each set of them as likely (Knuth, TAOCP 3.4.2, algorithm S). */
export function drawShare(random: Random, share: number, into: Uint8Array): void {
  let wanted = Math.max(1, Math.round(share * into.length))
  for (let at = 0; at < into.length; at++) {
    const taken = random.uniform() * (into.length - at) < wanted
    into[at] = taken ? 1 : 0
    if (taken) wanted--
  }
}
