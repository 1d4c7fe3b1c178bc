/**
 * The logarithm of the normal probability of an interval, kept accurate far in the tails and cheap enough to be
 * taken thousands of times a trial.
 */
const rootHalf = Math.SQRT1_2
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI)

const polynomial = (coefficients: readonly number[], x: number) => {
  let sum = 0
  for (let index = coefficients.length - 1; index >= 0; index--) sum = sum * x + coefficients[index]!
  return sum
}

/** Coefficients of FreeBSD's s_erf.c (Sun Microsystems 1993, freely granted): numerator and denominator by interval. */
const small = [
  [0.12837916709551256, -3.250421072470015e-1, -2.848174957559851e-2, -5.7702702964894416e-3, -2.3763016656650163e-5],
  [1, 0.39791722395915535, 6.502224998876729e-2, 5.0813062818757656e-3, 1.3249473800432164e-4, -3.9602282787753681e-6],
] as const
const middle = [
  [
    -2.3621185607526594e-3, 4.1485611868374833e-1, -3.722078760357013e-1, 3.1834661990116175e-1, -1.1089469428239668e-1,
    3.5478304325618236e-2, -2.1663755948687908e-3,
  ],
  [
    1, 1.0642088040084423e-1, 5.40397917702171e-1, 7.182865441419627e-2, 1.2617121980876164e-1, 1.3637083912029051e-2,
    1.1984499846799107e-2,
  ],
] as const
const large = [
  [
    -9.864944034847148e-3, -6.938585727071818e-1, -1.0558626225323291e1, -6.237533245032601e1, -1.623966694625735e2,
    -1.84605092906711e2, -8.128743550630659e1, -9.814329344169145,
  ],
  [
    1, 1.965127166743926e1, 1.3765775414351904e2, 4.3456587747522923e2, 6.453872717332679e2, 4.290081400275678e2,
    1.0863500554177944e2, 6.570249770319282, -6.0424415214858099e-2,
  ],
] as const
const huge = [
  [
    -9.8649429247001e-3, -7.99283237680523e-1, -1.7757954917754752e1, -1.6063638485582192e2, -6.375664433683896e2,
    -1.0250951316110772e3, -4.835191916086514e2,
  ],
  [
    1, 3.0338060743482458e1, 3.257925129965739e2, 1.536729586084437e3, 3.1998582195085955e3, 2.5530504064331644e3,
    4.745285412069554e2, -2.2440952446585818e1,
  ],
] as const

/** 1 - erf(x) for x >= 0. */
function complement(x: number): number {
  if (x < 0.84375) return 1 - x - (x * polynomial(small[0], x * x)) / polynomial(small[1], x * x)
  if (x < 1.25) return 1 - 0.8450629115104675 - polynomial(middle[0], x - 1) / polynomial(middle[1], x - 1)
  const s = 1 / (x * x)
  const [top, bottom] = x < 1 / 0.35 ? large : huge
  return Math.exp(-x * x - 0.5625 + polynomial(top, s) / polynomial(bottom, s)) / x
}

/** P(Z > z), relative error about 1e-14 up to z = 20. */
export const upperTail = (z: number) => (z >= 0 ? 0.5 * complement(z * rootHalf) : 1 - 0.5 * complement(-z * rootHalf))

/** ln P(Z > z): beyond 20 by the asymptotic series (Abramowitz & Stegun 26.2.12). */
function logUpperTail(z: number): number {
  if (z < 20) return Math.log(upperTail(z))
  const r = 1 / (z * z)
  return -0.5 * z * z - Math.log(z) - halfLogTwoPi + Math.log1p(-r * (1 - r * (3 - r * (15 - r * (105 - 945 * r)))))
}

/** ln P(a < Z < b). */
export function logNormalMass(a: number, b: number): number {
  if (a > 0) return logNormalMass(-b, -a)
  if (b > 0) return Math.log1p(-upperTail(-a) - upperTail(b))
  const high = logUpperTail(-b)
  return high + Math.log1p(-Math.exp(logUpperTail(-a) - high))
}
