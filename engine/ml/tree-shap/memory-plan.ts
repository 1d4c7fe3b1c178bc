/** Gives the next free place for so many bytes; asked for 0 it tells how much is taken. */
export type Area = (bytes: number) => number

const firstByte = 65_536

/** Hands out places one after the other, each aligned to a cache line. */
export function memoryPlan(): Area {
  let offset = firstByte
  return (bytes) => {
    const at = offset
    offset += Math.ceil(bytes / 64) * 64
    return at
  }
}
