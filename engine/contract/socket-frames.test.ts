import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from './channel.ts'
import { decodeFrame, encodeFrame } from './socket-frames.ts'

const call = (argument: unknown): Message => ({ t: 'call', id: 1, method: 'upload', argument })

test('a message without bytes is one text frame of JSON', () => {
  expect(encodeFrame(call({ name: 'ä' }))).toBe('{"t":"call","id":1,"method":"upload","argument":{"name":"ä"}}')
})

test('bytes come back as they went, an empty chunk and a Node Buffer too', () => {
  const argument = { name: 'ä', bytes: new Uint8Array([0, 255, 7]), more: [new Uint8Array(0), Buffer.from('hi')] }
  const frame = encodeFrame(call(argument))
  expect(frame).toBeInstanceOf(Uint8Array)
  const back = decodeFrame(frame)
  expect(back).toEqual(call({ ...argument, more: [new Uint8Array(0), new Uint8Array([104, 105])] }))
})

test('the layout is length, JSON, then length and bytes of each chunk', () => {
  const frame = encodeFrame(call(new Uint8Array([9]))) as Uint8Array
  const json = '{"t":"call","id":1,"method":"upload","argument":{"$bytes":0}}'
  expect([...frame]).toEqual([json.length, 0, 0, 0, ...Buffer.from(json), 1, 0, 0, 0, 9])
})

test('any JSON value survives, also one that looks like a placeholder', () => {
  const leaf = fc.oneof(
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    fc.uint8Array(),
    fc.constantFrom({ $bytes: 0 }, { $bytes: [[1]], b: 2 }),
  )
  const value = fc.dictionary(fc.constantFrom('$bytes', 'a', 'b'), fc.array(leaf), { noNullPrototype: true })
  fc.assert(
    fc.property(value, (argument) => {
      expect(decodeFrame(encodeFrame(call(argument)))).toEqual(call(argument))
    }),
  )
})

test.each([
  ['text that is not JSON', '{'],
  ['JSON that is no message', '[1]'],
  ['a chunk that is missing', '{"t":"call","argument":{"$bytes":3}}'],
  ['a length beyond the end', new Uint8Array([9, 0, 0, 0, 1])],
  ['half a length', new Uint8Array([9, 0])],
])('%s is refused', (_name, frame) => {
  expect(() => decodeFrame(frame)).toThrow('can not be read')
})
