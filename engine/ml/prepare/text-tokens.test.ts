import { expect, test } from 'vitest'
import { countTerms, spellings, tokensOf, wordSpans } from './text-tokens.ts'

test('words are two letters, digits or underscores and more, in small letters', () => {
  expect(tokensOf("Don't pay £50, Z\u00dcRICH_1 x 日本!", 'word')).toEqual(['don', 'pay', '50', 'zürich_1', '日本'])
  expect(tokensOf('', 'word')).toEqual([])
})

test('a word beyond ASCII is known in the spellings a graph can look up, and in no other', () => {
  expect(tokensOf('École ÉCOLE école', 'word')).toEqual(['école', 'école', 'école'])
  expect([...spellings('été')].sort()).toEqual(['ÉtÉ', 'Été', 'étÉ', 'été'].sort())
  expect(spellings('москва')).toEqual(['москва', 'Москва', 'МОСКВА'])
  expect(tokensOf('Москва МОСКВА мОсква', 'word')).toEqual(['москва', 'москва', 'мОсква'])
  expect(spellings('straße')).toEqual(['straße'])
  expect(tokensOf('İstanbul', 'word')).toEqual(['İstanbul'])
})

test('characters are small letters and blanks', () => {
  expect(tokensOf('A\u00a0É\n😀', 'character')).toEqual(['a', ' ', 'é', ' ', '😀'])
  expect(tokensOf('\ud800', 'character')).toEqual(['\ufffd'])
})

test('terms are runs of tokens', () => {
  expect([...countTerms('to be or to be', 'word', 1, 2)]).toEqual([
    ['to', 2],
    ['to be', 2],
    ['be', 2],
    ['be or', 1],
    ['or', 1],
    ['or to', 1],
  ])
  expect([...countTerms('aaa', 'character', 2, 3)]).toEqual([
    ['aa', 2],
    ['aaa', 1],
  ])
})

test('words stand where they are in the text', () => {
  const text = 'Émile’s CARD, card 日本!'
  const spans = wordSpans(text)
  expect(spans.map(({ token }) => token)).toEqual(tokensOf(text, 'word'))
  expect(spans.map(({ from, to }) => text.slice(from, to))).toEqual(['Émile', 'CARD', 'card', '日本'])
})
