import { expect, test } from 'vitest'
import { parseGiven, usageLine } from './parse-given.ts'

const command = {
  words: 'paint',
  positionals: [
    { name: 'WALL', doc: 'the wall' },
    { name: 'SIDE', optional: true, doc: 'its side' },
  ],
  flags: { colour: { value: 'NAME', many: true, doc: 'colours' }, dry: { doc: 'say only' } },
} as const

test('flags stand anywhere, with a space or an equals sign', () => {
  const given = parseGiven(command, ['--dry', 'north', '--colour', 'red', '--colour=a=b', 'inside'])
  expect([given.positional('WALL'), given.value('SIDE'), given.values('colour'), given.has('dry')]).toEqual([
    'north',
    'inside',
    ['red', 'a=b'],
    true,
  ])
})

test('what was not given is absent', () => {
  const given = parseGiven(command, ['north'])
  expect([given.value('SIDE'), given.value('colour'), given.values('colour'), given.has('dry')]).toEqual([
    undefined,
    undefined,
    [],
    false,
  ])
})

test('behind -- everything is positional', () => {
  expect(parseGiven(command, ['--', '--odd-name']).positional('WALL')).toBe('--odd-name')
})

test.each([
  [['north', '--color', 'red'], 'has no option --color', 'Use --colour.'],
  [['north', '-x'], 'has no option -x', 'See "plumbline paint --help".'],
  [['north', '--colour'], '--colour needs a value', 'Write --colour NAME.'],
  [['north', '--dry=yes'], '--dry takes no value', 'Write --dry alone.'],
  [[], 'needs WALL: the wall', 'Write plumbline paint WALL [SIDE] [--colour NAME …] [--dry].'],
  [['a', 'b', 'c'], 'does not know what to do with "c"', usageLine(command)],
])('%j is refused', (words, message, fix) => {
  expect(() => parseGiven(command, words)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message), fix: expect.stringContaining(fix) }),
  )
})
