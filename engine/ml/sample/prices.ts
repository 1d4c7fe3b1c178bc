import type { Frame } from '#contract'
import { createRandom, type Random } from '#ml/random/random'
import { numberColumn, textColumn } from './sample-columns.ts'

/**
 * Prices of flats, a regression with a known truth: in thousands, linear in the columns, with normal noise whose
 * spread grows with the area. The best any model can do is the noise itself.
 */
export const priceTruth = {
  intercept: 35,
  area: 3.2,
  rooms: 4,
  distance: -6.5,
  age: -0.55,
  balcony: 12,
  district: { harbour: 60, hills: 35, market: 20, north: 0, station: -15 },
  energy: { A: 24, B: 16, C: 8, D: 0, E: -8, F: -16 },
  /** Standard deviation of the noise: base + slope · area. */
  noise: { base: 6, slope: 0.22 },
} as const

export const priceRoles = { flat: 'id', sold: 'time', price: 'target' } as const

const districts = ['harbour', 'hills', 'market', 'north', 'station'] as const
const energies = ['A', 'B', 'C', 'D', 'E', 'F'] as const
const firstDay = Date.UTC(2022, 0, 1)
const dayMs = 86_400_000

function drawFlat(random: Random) {
  const area = Math.round(25 + 45 * Math.exp(0.45 * random.normal()))
  const district = districts[random.integer(districts.length)]!
  const built = 1900 + random.integer(124)
  const energy = energies[Math.max(0, Math.min(5, Math.round((2024 - built) / 25 + random.normal())))]!
  const flat = {
    area,
    rooms: Math.max(1, Math.round(area / 28 + 0.5 * random.normal())),
    distance: Math.round(10 * (0.3 + 9 * random.uniform())) / 10,
    built,
    balcony: random.uniform() < 0.55 ? 1 : 0,
    district,
    energy,
    sold: firstDay + random.integer(1_000) * dayMs,
  }
  const mean =
    priceTruth.intercept +
    priceTruth.area * area +
    priceTruth.rooms * flat.rooms +
    priceTruth.distance * flat.distance +
    priceTruth.age * (2024 - built) +
    priceTruth.balcony * flat.balcony +
    priceTruth.district[district] +
    priceTruth.energy[energy]
  const spread = priceTruth.noise.base + priceTruth.noise.slope * area
  const price = Math.max(20, Math.round(10 * (mean + spread * random.normal())) / 10)
  return { ...flat, distance: random.uniform() < 0.02 ? Number.NaN : flat.distance, price }
}

/** Draws flats; row k depends on seed and k alone. */
export function samplePrices(options: { readonly rows: number; readonly seed: number }): Frame {
  const root = createRandom(options.seed).split('prices')
  const flats = Array.from({ length: options.rows }, (_, row) => drawFlat(root.split(row)))
  const width = Math.max(5, String(options.rows).length)
  return {
    rows: options.rows,
    columns: [
      textColumn(
        'flat',
        flats.map((_, row) => `F${String(row + 1).padStart(width, '0')}`),
      ),
      numberColumn(
        'area',
        'integer',
        flats.map((flat) => flat.area),
      ),
      numberColumn(
        'rooms',
        'integer',
        flats.map((flat) => flat.rooms),
      ),
      numberColumn(
        'distance',
        'number',
        flats.map((flat) => flat.distance),
        true,
      ),
      numberColumn(
        'built',
        'integer',
        flats.map((flat) => flat.built),
      ),
      numberColumn(
        'balcony',
        'boolean',
        flats.map((flat) => flat.balcony),
      ),
      textColumn(
        'district',
        flats.map((flat) => flat.district),
      ),
      textColumn(
        'energy',
        flats.map((flat) => flat.energy),
      ),
      numberColumn(
        'sold',
        'date',
        flats.map((flat) => flat.sold),
      ),
      numberColumn(
        'price',
        'number',
        flats.map((flat) => flat.price),
      ),
    ],
  }
}
