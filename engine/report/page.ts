import type { Report } from '#contract'
import { blockStyle } from './block-style.ts'
import { escapeHtml, inlineHtml, plainText } from './escape.ts'
import { formatDate, formatTime } from './format-time.ts'
import { pageStyle } from './page-style.ts'
import { renderBlocks } from './render-block.ts'
import { reviewScript } from './review-script.ts'
import { hashSource } from './sha256.ts'

/** What a report document leaves out so that it can be cached. */
export interface PageFacts {
  /** Id of the run, as `runs show` takes it. */
  readonly run: string
  /** When the report was made, ISO 8601. */
  readonly at: string
  /** Version of the engine. */
  readonly engine: string
}

/** Room inside the page's frame: 1040 less its padding. */
const contentWidth = 950
/** What a phone leaves. */
const narrowWidth = 350

/** A file name without its ending: lower-case words joined by hyphens. */
export function fileStem(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
  return (words ?? ['report']).join('-').slice(0, 60)
}

function policy(scripted: boolean, style: string): string {
  const script = scripted ? `script-src ${hashSource(reviewScript)}; ` : ''
  return `default-src 'none'; ${script}style-src ${hashSource(style)}; base-uri 'none'; form-action 'none'`
}

function foot(report: Report, facts: PageFacts): string {
  const entries = [
    ['Run', facts.run],
    ['Made', `${formatDate(facts.at)}, ${formatTime(facts.at)}`],
    ['Evaluation', report.evaluation ?? ''],
    ['Model', report.model ?? ''],
    ['Engine', `Plumbline ${facts.engine}`],
  ].filter(([, value]) => value)
  const list = entries.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value!)}</dd>`).join('')
  return `<footer class="p-foot"><dl>${list}</dl></footer>`
}

const shortRun = (run: string) => (run.length > 24 ? `${run.slice(0, 12)}…` : run)

/**
 * A report as one self-contained HTML file: it opens from disk with the network off, loads nothing and runs nothing but
 * the review script, which the policy names by hash.
 */
export function renderReportPage(report: Report, facts: PageFacts): { readonly html: string } {
  const scripted = report.blocks.some((block) => block.block === 'review')
  const style = `${blockStyle}\n${pageStyle}`
  const title = plainText(report.title)
  const kicker = `Report · run <span title="${escapeHtml(facts.run)}">${escapeHtml(shortRun(facts.run))}</span> · <time datetime="${escapeHtml(facts.at)}">${escapeHtml(formatDate(facts.at))}</time> · opens without a network, nothing leaves this file`
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(scripted, style)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    `<body data-run="${escapeHtml(facts.run)}" data-name="${escapeHtml(fileStem(title))}">`,
    scripted ? '<a class="p-skip" href="#review">Go to the review form</a>' : '',
    '<main>',
    `<header><p class="p-kicker">${kicker}</p><h1>${escapeHtml(title)}</h1>`,
    report.subtitle ? `<p class="p-lead">${inlineHtml(report.subtitle)}</p>` : '',
    '</header>',
    renderBlocks(report.blocks, { width: contentWidth, narrow: narrowWidth }),
    foot(report, facts),
    '</main>',
    scripted ? `<script>${reviewScript}</script>` : '',
    '</body>',
    '</html>',
    '',
  ]
  return { html: html.filter((line, i) => line !== '' || i === html.length - 1).join('\n') }
}
