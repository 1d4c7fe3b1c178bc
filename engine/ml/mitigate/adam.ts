/** Adam (Kingma & Ba 2015, ICLR, algorithm 1) with the paper's constants, for one vector of parameters. */
export class Adam {
  readonly #mean: Float64Array
  readonly #square: Float64Array
  #steps = 0

  constructor(size: number) {
    this.#mean = new Float64Array(size)
    this.#square = new Float64Array(size)
  }

  /** Moves the parameters in place against the gradient. */
  step(parameters: Float64Array, gradient: Float64Array, rate: number): void {
    this.#steps += 1
    const size = (rate * Math.sqrt(1 - 0.999 ** this.#steps)) / (1 - 0.9 ** this.#steps)
    const tiny = 1e-8 * Math.sqrt(1 - 0.999 ** this.#steps)
    for (let j = 0; j < parameters.length; j++) {
      const g = gradient[j]!
      this.#mean[j] = 0.9 * this.#mean[j]! + 0.1 * g
      this.#square[j] = 0.999 * this.#square[j]! + 0.001 * g * g
      parameters[j]! -= (size * this.#mean[j]!) / (Math.sqrt(this.#square[j]!) + tiny)
    }
  }
}
