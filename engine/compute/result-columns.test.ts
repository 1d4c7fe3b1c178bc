import { DuckDBTypeId } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { duckTypes } from './result-columns.ts'

test('types are numbered as DuckDB numbers them', () => {
  expect(DuckDBTypeId).toMatchObject(duckTypes)
})
