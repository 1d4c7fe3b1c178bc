import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentSchema, type PipelineDocument } from '#contract'
import { sortedEdges } from './adjacency.ts'
import { parseDocument } from './parse.ts'
import { printDocument } from './print.ts'
import { pipeline } from './testing-nodes.ts'

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3}){0,2}$/)
const address = fc.tuple(id, fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{0,6}$/)).map(([node, port]) => `${node}.${port}`)
const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '__proto__')
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const json = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('"__proto__"', '"proto"')))
const document: fc.Arbitrary<PipelineDocument> = fc.record({
  format: fc.constant(1),
  name: fc.string({ minLength: 1 }),
  description: fc.string({ unit: 'grapheme' }),
  seed: fc.nat(),
  nodes: fc.dictionary(
    id,
    fc.record(
      {
        type: fc.constantFrom('data/split', 'train/linear'),
        version: fc.integer({ min: 1, max: 9 }),
        title: fc.string(),
        params: fc.dictionary(name, json),
      },
      { requiredKeys: ['type', 'version', 'params'] },
    ),
  ),
  edges: fc.uniqueArray(fc.record({ from: address, to: address }), { selector: ({ from, to }) => `${from} ${to}` }),
  inputs: fc.dictionary(name, fc.string()),
  layout: fc.dictionary(id, fc.tuple(finite, finite)),
  frames: fc.array(
    fc.record({
      title: fc.string(),
      x: finite,
      y: finite,
      width: fc.integer({ min: 1 }),
      height: fc.integer({ min: 1 }),
    }),
  ),
  notes: fc.array(
    fc.record(
      { text: fc.string(), x: finite, y: finite, width: fc.integer({ min: 1 }) },
      { requiredKeys: ['text', 'x', 'y'] },
    ),
  ),
})

/** The same document with the keys of every object in reverse order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  ) as T
}

describe('print and parse', () => {
  test('parse(print(x)) is x, wires in file order', () => {
    fc.assert(
      fc.property(document, (given) => {
        const parsed = parseDocument(printDocument(given))
        expect(parsed.problems).toEqual([])
        expect(parsed.document).toEqual({ ...given, edges: sortedEdges(given.edges) })
      }),
    )
  })

  test('the text does not depend on the order of keys or wires', () => {
    fc.assert(
      fc.property(document, (given) => {
        const other = { ...reversed(given), edges: [...given.edges].reverse() }
        expect(printDocument(other)).toBe(printDocument(given))
      }),
    )
  })

  test('print(parse(print(x))) is print(x)', () => {
    fc.assert(
      fc.property(document, (given) => {
        const text = printDocument(given)
        expect(printDocument(parseDocument(text).document!)).toBe(text)
      }),
    )
  })

  test('one parameter, one wire, one position a line', () => {
    const text = printDocument(
      pipeline(
        { b: { type: 'data/split', params: { z: [1, { b: 2, a: 1 }], a: 'x' } }, a: { type: 'data/split' } },
        ['b.table a.table'],
        { layout: { a: [0, 1.5] } },
      ),
    )
    expect(text).toBe(`{
  "format": 1,
  "name": "Test",
  "description": "",
  "seed": 1,
  "nodes": {
    "a": {
      "type": "data/split",
      "version": 1,
      "params": {}
    },
    "b": {
      "type": "data/split",
      "version": 1,
      "params": {
        "a": "x",
        "z": [1, { "a": 1, "b": 2 }]
      }
    }
  },
  "edges": [
    { "from": "b.table", "to": "a.table" }
  ],
  "inputs": {},
  "layout": {
    "a": [0, 1.5]
  },
  "frames": [],
  "notes": []
}
`)
  })
})

describe('faulty files', () => {
  const faults = (text: string) =>
    parseDocument(text).problems.map(({ code, path, message }) => ({ code, path, message }))

  test.each([
    ['', /is empty/],
    ['[]', /not a JSON object/],
    ['{ "format": 1,\n  "name" "x" }', /line 2, column 10/],
    ['{ "format": 1, "name": "x"', /line 1/],
    ['{\n<<<<<<< HEAD\n "format": 1', /Line 2 holds a mark of an unfinished merge/],
  ])('%j says where', (text, message) => {
    const [problem, ...others] = parseDocument(text).problems
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      code: 'document-format',
      message: expect.stringMatching(message),
      fix: expect.any(String),
    })
  })

  test('of a newer format everything that is understood can be looked at', () => {
    const newer = {
      format: 99,
      name: 'Newer',
      stages: ['a'],
      nodes: { a: { type: 'data/read-file', version: 1, params: { path: 'a.csv' }, shade: 'dark' }, b: { kind: 'x' } },
      edges: [{ from: 'a.table', to: 'a.table', speed: 2 }],
    }
    const { document, glimpse, problems } = parseDocument(JSON.stringify(newer))
    expect(document).toBeUndefined()
    expect(problems.map(({ code }) => code)).toEqual(['document-newer'])
    expect(glimpse?.nodes).toEqual({ a: { type: 'data/read-file', version: 1, params: { path: 'a.csv' } } })
    expect(glimpse?.edges).toEqual([{ from: 'a.table', to: 'a.table' }])
    expect(parseDocument('{"format":99}').glimpse?.name).toBe('unnamed')
  })

  test('a file of a newer format is refused with a cure', () => {
    expect(parseDocument('{"format": 99}').problems).toMatchObject([
      { code: 'document-newer', fix: 'Open it with a newer Plumbline.' },
    ])
  })

  test('all faults are named, and the rest is salvaged for the check', () => {
    const text = JSON.stringify({
      format: 1,
      name: '',
      colour: 'red',
      nodes: {
        good: { type: 'data/split', version: 1 },
        'Bad Name': { type: 'data/split', version: 1 },
        broken: { type: 'data', version: 'one' },
      },
      edges: [{ from: 'good.table', to: 'other.table' }, { from: 'nowhere' }],
    })
    expect(faults(text)).toMatchObject([
      { path: ['name'] },
      { path: ['nodes', 'Bad Name'] },
      { path: ['nodes', 'broken', 'type'] },
      { path: ['nodes', 'broken', 'version'], message: '"nodes.broken.version" is one, not a number.' },
      { path: ['edges', 1, 'from'] },
      { path: ['edges', 1, 'to'] },
      { path: [], message: expect.stringContaining('"colour"') },
    ])
    const parsed = parseDocument(text)
    expect(parsed.document).toBeUndefined()
    expect(Object.keys(parsed.salvaged!.nodes)).toEqual(['good'])
    expect(parsed.salvaged!.edges).toHaveLength(1)
  })

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((value) => JSON.stringify({ format: 1, ...value })),
        ),
        (text) => {
          const { document: parsed, problems } = parseDocument(text)
          expect(parsed === undefined).toBe(problems.length > 0)
          if (parsed) expect(documentSchema.safeParse(parsed).success).toBe(true)
        },
      ),
    )
  })

  test('a byte order mark is no fault', () => {
    expect(parseDocument('\uFEFF{"format":1,"name":"x"}').document?.name).toBe('x')
  })
})
