import type { CaseCause, CaseCell, QueuedCase } from '#contract'
import { formatNumber, formatSigned } from '#report/format-number'
import { queueMessages as words } from './queue-messages.ts'

/** "debt_ratio" as one would say it: Debt ratio. */
export function spokenName(name: string): string {
  const plain = name.replaceAll(/[_.]+/g, ' ').trim()
  return plain === '' ? name : plain[0]!.toUpperCase() + plain.slice(1)
}

export function spokenCell(value: CaseCell): string {
  if (value === null) return words.missing
  if (typeof value === 'boolean') return value ? words.yes : words.no
  return typeof value === 'number' ? formatNumber(value) : value
}

export const causeWords = (one: CaseCause): string =>
  'column' in one ? words.causeOf(words.causes[one.cause], spokenName(one.column)) : words.causes[one.cause]

export const spokenAnswer = (answer: string | number): string =>
  typeof answer === 'number' ? formatNumber(answer) : answer

/** What the model says; undefined where it may not be seen, or is not known. */
export function answerWords({ answer, choices }: Pick<QueuedCase, 'answer' | 'choices'>): string | undefined {
  if (!answer) return undefined
  const decision = spokenAnswer(answer.decision)
  if (answer.fallback) return words.says.rule(decision)
  return choices ? words.says.model(decision, formatNumber(answer.score, 3)) : words.says.number(decision)
}

export interface SpokenReason {
  readonly feature: string
  readonly text: string
  readonly against: boolean
  /** Of the strongest, from 0 to 1. */
  readonly share: number
}

const mostReasons = 6

/** The strongest reasons in words, each with its size. */
export function reasonWords({ reasons, choices }: Pick<QueuedCase, 'reasons' | 'choices'>): readonly SpokenReason[] {
  if (!reasons || 'notAvailable' in reasons) return []
  const shown = reasons.contributions.slice(0, mostReasons)
  const strongest = Math.max(...shown.map(({ contribution }) => Math.abs(contribution)), Number.MIN_VALUE)
  const towards = reasons.class ?? choices?.[0]
  return shown.map(({ feature, contribution }) => {
    const [name, by, against] = [spokenName(feature), formatSigned(contribution, 3), contribution < 0]
    const text =
      towards === undefined
        ? (against ? words.reasonLowers : words.reasonRaises)(name, by)
        : (against ? words.reasonAgainst : words.reasonFor)(name, towards, by)
    return { feature, text, against, share: Math.abs(contribution) / strongest }
  })
}

/** The choice a key stands for: A and R are the first two, digits all of them. */
export function choiceOfKey(key: string, choices: readonly string[] | undefined): string | undefined {
  if (!choices) return undefined
  const letter = ['a', 'r'].indexOf(key.toLowerCase())
  if (letter >= 0) return choices[letter]
  return /^[1-9]$/.test(key) ? choices[Number(key) - 1] : undefined
}

/** How the key of a choice is written on its button. */
export const keyOfChoice = (place: number): string => ['A', 'R'][place] ?? String(place + 1)
