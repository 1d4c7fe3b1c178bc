import { expect, test } from 'vitest'
import { createDetailWave, detailAt } from './detail-wave.ts'

/** A wave over cards c0, c1 …, whose frames are shown by hand; those of them are in sight that the caller names. */
function waveOver(count: number, cost = 1) {
  const frames: (() => void)[] = []
  const turned: string[] = []
  const now = { still: true, sight: (_: string) => false }
  const wave = createDetailWave({
    first: 'plain',
    inSight: (keys) => keys.filter(now.sight).toReversed(),
    still: () => now.still,
    cost: () => cost,
    nextFrame: (step) => frames.push(step),
  })
  const names = Array.from({ length: count }, (_, at) => `c${at}`)
  const leave = names.map((name) => wave.follow(name, () => turned.push(name)))
  /** How many turn in the next frame. */
  const frame = () => {
    const before = turned.length
    frames.shift()?.()
    return turned.length - before
  }
  const end = () => {
    while (frames.length > 0) frame()
  }
  return { wave, names, turned, leave, now, frame, end, waiting: () => frames.length }
}

test('what is drawn at a zoom', () => {
  expect([0.1, 0.2, 0.39, 0.4, 1].map(detailAt)).toEqual(['speck', 'plain', 'plain', 'full', 'full'])
})

test('a few cards turn in a frame until all have; who comes later is drawn as it should be', () => {
  const { wave, names, turned, frame, end } = waveOver(300)
  wave.aim('full')
  expect([wave.of('c0'), wave.of('c299'), wave.of('new')]).toEqual(['plain', 'plain', 'full'])
  expect(frame()).toBeGreaterThan(0)
  expect(turned.length).toBeLessThan(30)
  expect([wave.of(turned[0]!), wave.of('c299')]).toEqual(['full', 'plain'])
  end()
  expect(turned.toSorted()).toEqual(names.toSorted())
  expect(wave.of('c299')).toBe('full')
})

test('those in sight come first; the others wait until the canvas stands still', () => {
  const { wave, names, turned, now, frame, end } = waveOver(8)
  Object.assign(now, { still: false, sight: (name: string) => name > 'c4' })
  wave.aim('full')
  frame()
  expect(turned).toEqual(['c7', 'c6', 'c5'])
  expect([frame(), frame()]).toEqual([0, 0])
  now.sight = (name) => name === 'c2'
  frame()
  expect(turned.at(-1)).toBe('c2')
  now.still = true
  end()
  expect(turned.toSorted()).toEqual(names)
})

test('turned back on the way, only those that had turned turn again', () => {
  const { wave, names, turned, frame, end } = waveOver(40)
  wave.aim('full')
  const ahead = frame()
  wave.aim('plain')
  end()
  expect(turned.length).toBe(2 * ahead)
  expect(names.map(wave.of)).toEqual(Array(40).fill('plain'))
})

test('what costs more turns alone; who left is not told', () => {
  const { wave, turned, leave, frame, end } = waveOver(6, 100)
  wave.aim('speck')
  leave[0]!()
  expect(frame()).toBe(1)
  expect(turned).toEqual(['c1'])
  end()
  expect(turned).not.toContain('c0')
  expect(wave.of('c0')).toBe('speck')
})
