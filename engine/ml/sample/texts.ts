import type { Frame } from '#contract'
import { createRandom, type Random } from '#ml/random/random'
import { textColumn } from './sample-columns.ts'

/**
 * Short messages to a bank's help desk. One sentence in each says its topic by words of that topic; in a known share of
 * the messages no sentence does, so that a guess is all that is left there. Openings, closings and channel tell nothing.
 */
export const textTruth = {
  /** Share of messages that do not say their topic. */
  vague: 0.04,
  topics: {
    card: {
      things: ['card', 'debit card', 'credit card', 'pin', 'cash machine'],
      happenings: ['was swallowed', 'is blocked', 'got stolen', 'stopped working', 'was declined', 'has expired'],
    },
    fraud: {
      things: ['a payment', 'a transfer', 'a withdrawal', 'a purchase', 'an order'],
      happenings: [
        'I never made appeared',
        'to a stranger shows up',
        'looks suspicious',
        'came from a phishing mail',
        'was done by a scammer',
      ],
    },
    loan: {
      things: ['my loan', 'the mortgage', 'my instalment', 'the interest rate', 'the repayment plan'],
      happenings: [
        'is too high',
        'should start later',
        'needs an extension',
        'was calculated wrong',
        'must be changed',
      ],
    },
    login: {
      things: ['the app', 'online banking', 'my password', 'the website', 'my account access'],
      happenings: ['rejects me', 'keeps crashing', 'asks for a code', 'is locked out', 'shows an error', 'logs me off'],
    },
  },
} as const
type Topic = keyof typeof textTruth.topics

export const textRoles = { ticket: 'id', topic: 'target' } as const

const openings = ['Hello', 'Hi there', 'Good morning', 'Dear team', 'Please help', 'Hey', 'To whom it may concern']
const closings = [
  'please call me back',
  'I need this solved today',
  'thanks in advance',
  'this is the second time',
  'what should I do now?',
  'I am quite upset',
  'kind regards',
]
const vague = ['I have a question', 'something is not right', 'nobody answers me', 'it happened again last week']
const times = ['since yesterday', 'this morning', 'for two weeks', 'again', 'on Monday', 'while travelling']
const channels = ['app', 'email', 'phone'] as const

const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)]!

function say(random: Random, topic: Topic): string {
  if (random.uniform() < textTruth.vague) return `${pick(random, vague)} ${pick(random, times)}`
  const { things, happenings } = textTruth.topics[topic]
  const sentence = `${pick<string>(random, things)} ${pick<string>(random, happenings)}`
  return random.uniform() < 0.5 ? `${sentence} ${pick(random, times)}` : sentence
}

function drawMessage(random: Random, topic: Topic): string {
  const parts = [pick(random, openings), say(random, topic)]
  const closed = random.uniform() < 0.7 ? [...parts, pick(random, closings)] : parts
  const text = closed.join(pick(random, [', ', '. ', ' - ']))
  return random.uniform() < 0.15 ? text.toUpperCase() : text
}

/** Draws messages; row k depends on seed and k alone. */
export function sampleTexts(options: { readonly rows: number; readonly seed: number }): Frame {
  const root = createRandom(options.seed).split('texts')
  const topics = Object.keys(textTruth.topics) as Topic[]
  const drawn = Array.from({ length: options.rows }, (_, row) => {
    const random = root.split(row)
    const topic = pick(random, topics)
    return { topic, message: drawMessage(random, topic), channel: pick(random, channels) }
  })
  const width = Math.max(5, String(options.rows).length)
  return {
    rows: options.rows,
    columns: [
      textColumn(
        'ticket',
        drawn.map((_, row) => `T${String(row + 1).padStart(width, '0')}`),
      ),
      textColumn(
        'message',
        drawn.map(({ message }) => message),
      ),
      textColumn(
        'channel',
        drawn.map(({ channel }) => channel),
      ),
      textColumn(
        'topic',
        drawn.map(({ topic }) => topic),
      ),
    ],
  }
}
