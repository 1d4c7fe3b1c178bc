import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Hash, Report } from '#contract'
import { fileStem, renderReportPage } from './page.ts'
import { reviewScript } from './review-script.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const facts = { run: 'r-0142', at: '2026-11-24T12:00:00.000Z', engine: '0.1.0' }
const report: Report = {
  kind: 'report',
  title: 'Fairness of “approved”',
  subtitle: 'Judged on 9 769 people.',
  blocks: [
    { block: 'verdict', verdict: 'fail', title: 'Not ready: one of five gates fails.', text: '' },
    { block: 'review', evaluationHash: hash('a'), modelHash: hash('b'), features: [] },
  ],
  evaluation: hash('a'),
  model: hash('b'),
}
const source = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const inside = (html: string, tag: string) => html.match(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`))?.[1] ?? ''

test('the policy allows this script and this style and nothing else', () => {
  const { html } = renderReportPage(report, facts)
  const policy = html.match(/Content-Security-Policy" content="([^"]*)"/)![1]!
  expect(policy).toBe(
    `default-src 'none'; script-src ${source(inside(html, 'script'))}; style-src ${source(inside(html, 'style'))}; base-uri 'none'; form-action 'none'`,
  )
  expect(html).not.toMatch(/\son\w+=|\sstyle=|<link|\ssrc=|https?:/)
  expect(html.match(/<script/g)).toHaveLength(1)
})

test('a report without a review form has no script at all', () => {
  const { html } = renderReportPage({ ...report, blocks: report.blocks.slice(0, 1) }, facts)
  expect(html).not.toContain('<script')
  expect(html).toContain("default-src 'none'; style-src")
})

test('the page carries what a review must answer to', () => {
  const { html } = renderReportPage(report, { ...facts, run: '"><script>' })
  expect(html).toContain('data-run="&quot;&gt;&lt;script&gt;"')
  expect(html).toContain(`data-evaluation="${hash('a')}" data-model="${hash('b')}"`)
})

test('the same report and facts give the same bytes', () => {
  expect(renderReportPage(report, facts).html).toBe(renderReportPage(structuredClone(report), facts).html)
})

test('the script is one program that names every key of a review', () => {
  expect(() => new Function(reviewScript)).not.toThrow()
  for (const key of [
    'format',
    'run',
    'evaluationHash',
    'modelHash',
    'reviewer',
    'role',
    'decision',
    'comment',
    'features',
    'at',
  ])
    expect(reviewScript).toMatch(new RegExp(`\\b${key}:`))
  expect(reviewScript).not.toContain('</')
})

test('file names are words', () => {
  expect(fileStem('Fairness of “Kredit für Öl”')).toBe('fairness-of-kredit-fur-ol')
  expect(fileStem('«»')).toBe('report')
})
