/** Room for a tree of so many nodes: every one a leaf without value until it is filled in. */
export function blankTree(size: number) {
  return {
    feature: new Int32Array(size).fill(-1),
    threshold: new Float64Array(size),
    missingLeft: new Uint8Array(size),
    left: new Int32Array(size).fill(-1),
    right: new Int32Array(size).fill(-1),
    value: new Float64Array(size),
    cover: new Float64Array(size),
    gain: new Float64Array(size),
  }
}
