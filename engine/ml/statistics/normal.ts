import { incompleteGamma } from './gamma.ts'

/** Φ(x), through the incomplete gamma function: erfc(z) = Q(1/2, z²) (DLMF 7.11.2); accurate in the tail. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  const { lower, upper } = incompleteGamma(0.5, 0.5 * x * x)
  return x < 0 ? 0.5 * upper : 0.5 + 0.5 * lower
}

/** P(|Z| > |x|). */
export const normalTwoSided = (x: number) => incompleteGamma(0.5, 0.5 * x * x).upper

const central = {
  top: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  bottom: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
}
const middle = {
  top: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  bottom: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
}
const tail = {
  top: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  bottom: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
}
type Rational = typeof central
/** The parts of Φ⁻¹ for |p - 1/2| up to 0.425, and beyond it for tails above 1.4e-11; they are written into ONNX graphs too. */
export const normalQuantileParts = { central, middle } as const

const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, c) => sum * x + c, 0)
const rational = ({ top, bottom }: Rational, x: number) => polynomial(top, x) / polynomial(bottom, x)

/** Φ⁻¹(p): algorithm AS 241 PPND16 (Wichura 1988, Applied Statistics 37:477), relative error about 1e-16. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * rational(central, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  if (r === Number.POSITIVE_INFINITY) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = r <= 5 ? rational(middle, r - 1.6) : rational(tail, r - 5)
  return q < 0 ? -value : value
}

/** The two-sided critical value: 1.96 for 0.95. */
export const criticalValue = (confidence: number) => -normalQuantile((1 - confidence) / 2)
