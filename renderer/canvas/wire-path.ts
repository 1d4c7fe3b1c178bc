const bend = 34
const gap = 70

/** The middle of `wirePath`'s line: where a mark stands. */
export function wireMiddle(x: number, y: number, u: number, v: number): readonly [x: number, y: number] {
  return [(x + u) / 2, u >= x + 24 ? (y + v) / 2 : levelOf(y, v)]
}

const levelOf = (y: number, v: number) => (Math.abs(v - y) > gap ? (y + v) / 2 : Math.max(y, v) + gap)

/** An S from left to right; a wire that has to go back runs level between the two nodes. */
export function wirePath(x: number, y: number, u: number, v: number): string {
  if (u >= x + 24) {
    const half = Math.max(26, (u - x) / 2)
    return `M${x} ${y}C${x + half} ${y} ${u - half} ${v} ${u} ${v}`
  }
  const level = levelOf(y, v)
  return `M${x} ${y}C${x + bend} ${y} ${x + bend} ${level} ${x - 10} ${level}H${u + 10}C${u - bend} ${level} ${u - bend} ${v} ${u} ${v}`
}
