import { expect, test } from 'vitest'
import { z } from 'zod'
import { issueProblem } from './parameter-problem.ts'

const schema = z.strictObject({
  count: z.int().min(1).max(9),
  share: z.number().gt(0).lt(1),
  name: z.string().min(1),
  kind: z.enum(['tree', 'forest']),
  list: z.array(z.string()).max(2),
  step: z.number().multipleOf(5),
  flag: z.boolean(),
  slug: z.string().regex(/^[a-z]+$/, 'lower-case letters'),
  either: z.union([z.number(), z.boolean()]),
})
const good = { count: 1, share: 0.5, name: 'a', kind: 'tree', list: [], step: 5, flag: true, slug: 'a', either: 1 }

test.each<[string, unknown, string, string]>([
  ['count', 'x', '"count" is x, not a number.', 'Enter a number.'],
  ['count', 1.5, '"count" is 1.5, not a whole number.', 'Enter a whole number.'],
  ['count', 0, '"count" is 0; it must be at least 1.', 'Enter a number that is at least 1.'],
  ['share', 1, '"share" is 1; it must be less than 1.', 'Enter a number that is less than 1.'],
  ['name', '', '"name" is empty.', 'Set "name".'],
  ['name', undefined, '"name" is not set; it needs a text.', 'Set "name".'],
  ['kind', 'tre', '"kind" is tre, which is none of tree, forest.', 'Choose tree.'],
  ['kind', 7, '"kind" is 7, which is none of tree, forest.', 'Choose one of tree, forest.'],
  ['list', ['a', 'b', 'c'], '"list" has 3 entries; it needs at most 2 entries.', 'Give at most 2 entries.'],
  ['step', 7, '"step" is 7, which is no multiple of 5.', 'Enter a multiple of 5.'],
  ['flag', 'yes', '"flag" is yes, not yes or no (true or false).', 'Enter yes or no (true or false).'],
  ['slug', 'A', '"slug" is A; it must be lower-case letters.', 'Write lower-case letters.'],
  [
    'either',
    'x',
    '"either" is x, which fits none of the forms it may have.',
    'Enter a number or yes or no (true or false).',
  ],
])('%s = %j', (name, value, message, fix) => {
  const given = { ...good, [name]: value }
  const { error } = schema.safeParse(given)
  expect(error!.issues.map((issue) => issueProblem(issue, `"${name}"`, given))).toEqual([{ message, fix }])
})

test('unknown entries are named', () => {
  const given = { ...good, colour: 1 }
  const issue = schema.safeParse(given).error!.issues[0]!
  expect(issueProblem(issue, 'The form', given).message).toBe('The form has an entry that nothing reads: "colour".')
})
