const slots = 8_192

/** A test of numbers that keeps its answers for the values met last; columns repeat few values again and again. */
export function rememberedTest(test: (value: number) => boolean): (value: number) => boolean {
  const known = new Float64Array(slots).fill(Number.NaN)
  const answers = new Uint8Array(slots)
  const scratch = new Float64Array(1)
  const words = new Int32Array(scratch.buffer)
  return (value) => {
    scratch[0] = value
    const mixed = Math.imul(words[0]! ^ Math.imul(words[1]!, 0x9e3779b1), 0x85ebca6b)
    const slot = (mixed >>> 13) & (slots - 1)
    if (known[slot] !== value) {
      known[slot] = value
      answers[slot] = test(value) ? 1 : 0
    }
    return answers[slot] === 1
  }
}
