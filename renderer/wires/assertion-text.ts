import type { Assertion, JudgedAssertion } from '#contract'
import { figureText, limitText } from '#report/judge-limit'
import { wireMessages } from '../shell/wire-messages.ts'

/** "number of rows ≥ 1 000", "mean of income ≤ 50". */
export function assertionText({ metric, column, operator, limit }: Assertion): string {
  const figure = wireMessages.figures[metric] ?? metric
  return `${wireMessages.of(figure, column)} ${operator === '>=' ? '≥' : '≤'} ${limitText(limit)}`
}

/** The figure that was found, with as many decimals as tell it from the limit. */
export function foundText({ metric, value, limit }: JudgedAssertion): string {
  if (value === null) return '–'
  return figureText(value, limit, ['rows', 'columns', 'distinct'].includes(metric))
}
