import { expect, test } from 'vitest'
import type { Column, SchemaColumn } from '#contract'
import { feedFrame, joinFeeds, rowReader } from './row-check.ts'

const features: readonly Column[] = [
  { name: 'income', type: 'number', nullable: true },
  { name: 'job', type: 'text', nullable: true },
  { name: 'since', type: 'date', nullable: false },
  { name: 'owner', type: 'boolean', nullable: false },
  { name: 'rooms', type: 'integer', nullable: false },
]
const row = { income: 5, job: 'cook', since: '2020-02-29', owner: true, rooms: 3, other: 'left out' }
const narrow = (name: string, more: Partial<SchemaColumn>): SchemaColumn =>
  ({ name, type: 'number', role: 'feature', required: true, nullable: true, ...more }) as SchemaColumn

test('rows become columns one after the other; null is missing where it may be', () => {
  const { feed } = rowReader(features)([row, { ...row, income: null, job: null, owner: false }])
  expect([...feed!.numbers]).toEqual([5, Number.NaN, ...Array(2).fill(Date.UTC(2020, 1, 29)), 1, 0, 3, 3])
  expect(feed!.texts).toEqual(['cook', ''])
  const frame = feedFrame(features, feed!)
  expect(frame.columns[1]!.cells).toEqual({ kind: 'text', codes: Int32Array.of(0, -1), levels: ['cook'] })
})

test('feeds under one another are the feed of all rows', () => {
  const read = rowReader(features)
  const rows = [row, { ...row, income: 6, job: 'baker' }, { ...row, rooms: 9 }]
  expect(joinFeeds(features, [read(rows.slice(0, 2)).feed!, read(rows.slice(2)).feed!])).toEqual(read(rows).feed)
})

test.each([
  ['since', '2020-02-30T00', 'a date such as 2026-11-21'],
  ['since', '2021-02-29', 'a date such as 2026-11-21'],
  ['since', 'yesterday', 'a date such as 2026-11-21'],
  ['since', null, 'a date such as 2026-11-21'],
  ['owner', 1, 'true or false'],
  ['rooms', 2.5, 'a whole number'],
  ['income', '5', 'a number or null'],
])('%s = %j is refused', (column, value, expected) => {
  expect(rowReader(features)([{ ...row, [column]: value }]).faults).toEqual([
    { row: 0, column, got: JSON.stringify(value), expected },
  ])
})

test.each([
  ['job', 'pirate', { domain: ['cook', 'baker'] }, 'one of cook, baker'],
  ['job', 'c00k', { pattern: '[a-z]+' }, 'a text like [a-z]+'],
  ['income', -1, { min: 0, max: 9 }, 'at least 0 and at most 9'],
  ['since', '2019-01-01', { min: Date.UTC(2020, 0, 1) }, 'at least 2020-01-01'],
  ['income', null, { nullable: false }, 'a number'],
])('a contract refuses %s = %j', (column, value, more, expected) => {
  const read = rowReader(features, [narrow(column, more)])
  expect(read([row]).faults).toBeUndefined()
  expect(read([{ ...row, [column]: value }]).faults).toMatchObject([{ column, expected }])
})

test('a contract that lets nulls pass asks nothing of them', () => {
  const read = rowReader(features, [narrow('job', { domain: ['cook'] }), narrow('income', { min: 0 })])
  expect(read([{ ...row, job: null, income: null }]).faults).toBeUndefined()
})

test('a picture is Base64 of as many bytes as the model takes', () => {
  const image = { width: 2, height: 2, channels: 1 } as const
  const read = rowReader([{ name: 'photo', type: 'image', nullable: false, role: 'feature', image }])
  expect(read([{ photo: 'AAECAw==' }]).feed).toMatchObject({ rows: 1, texts: ['AAECAw=='] })
  for (const photo of ['AAEC', 'not a picture', 7, null])
    expect(read([{ photo }]).faults).toMatchObject([{ expected: 'a picture of 2 × 2 × 1 bytes in Base64' }])
})
