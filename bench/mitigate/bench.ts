import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ProblemError } from '#contract'
import { dataFolder, type Part, type Prepared, prepareAll, type Table } from './data-sets.ts'
import { compare, type Judgement, judgeChances, meanJudgement } from './judge-chances.ts'
import { type Mitigation, mitigations } from './own-mitigations.ts'

const python = path.resolve(import.meta.dirname, '../parity/.venv-mitigate/bin/python')

type Answers = Readonly<Record<string, readonly number[] | string>>

/** Every mitigation and its peer on three tables of people: accuracy, impact and odds gap, and who is better. */
export function benchMitigations(): void {
  const folder = dataFolder()
  if (!folder) {
    console.log('The public tables are missing: Adult, German credit and credit default belong into ../shared/data.')
    return
  }
  if (!existsSync(python))
    console.log(
      'The peers are missing, so only our own side is run. To install them, in bench/parity:\n' +
        '  python3 -m venv .venv-mitigate && .venv-mitigate/bin/python -m pip install -r mitigate.txt\n',
    )
  for (const table of prepareAll(folder)) benchTable(table)
}

function benchTable({ name, splits }: Table): void {
  const answers = existsSync(python) ? splits.map(askPeers) : []
  const { train, test } = splits[0]!
  const times = splits.length > 1 ? `, mean of ${splits.length} splits` : ''
  console.log(`\n### ${name}: ${train.x.rows} rows to learn from, ${test.x.rows} to judge by${times}\n`)
  console.log('| mitigation | accuracy | impact | odds gap | peer | accuracy | impact | odds gap | verdict |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const mitigation of mitigations) console.log(rowOf(mitigation, splits, answers))
}

function rowOf(mitigation: Mitigation, splits: readonly Prepared[], answers: readonly Answers[]): string {
  const { title, peer, aim, peerKey, key } = mitigation
  const judge = ({ test }: Prepared, chances: ArrayLike<number>) =>
    judgeChances(chances, test.actual, test.groups.codes)
  const ours = splits.flatMap((data) => {
    const chances = tried(mitigation, data)
    return chances ? [judge(data, chances)] : []
  })
  const theirs = answers.flatMap((answer, at) => {
    const chances = answer[peerKey ?? key]
    return typeof chances === 'object' ? [judge(splits[at]!, chances)] : []
  })
  const own = meanJudgement(ours)
  const other = meanJudgement(theirs)
  return `| ${title} | ${cells(own, ours.length, splits.length)} | ${peer} | ${cells(other, theirs.length, answers.length)} | ${compare(own, other, aim)} |`
}

/** Undefined where the mitigation says that it can not do this. */
function tried(mitigation: Mitigation, data: Prepared): ArrayLike<number> | undefined {
  try {
    return mitigation.chances(data)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    console.error(`${mitigation.title}: ${error.message}`)
    return undefined
  }
}

function cells(judged: Judgement | undefined, done: number, asked: number): string {
  if (!judged) return asked === 0 ? '| | ' : 'none | | '
  const { accuracy, impact, oddsGap } = judged
  const note = done < asked ? ` (${done} of ${asked})` : ''
  return `${accuracy.toFixed(3)}${note} | ${impact.toFixed(2)} | ${oddsGap.toFixed(2)}`
}

/** The peers' chances on the same numbers and rows. */
function askPeers(data: Prepared): Answers {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-mitigate-'))
  try {
    writePart(folder, 'train', data.train)
    writePart(folder, 'test', data.test)
    const shape = { columns: data.train.x.columns, numeric: data.numeric }
    writeFileSync(path.join(folder, 'shape.json'), JSON.stringify(shape))
    const { stdout, stderr, status } = spawnSync(python, [path.join(import.meta.dirname, 'peer.py'), folder], {
      maxBuffer: 2 ** 28,
    })
    if (status !== 0) throw new Error(String(stderr).slice(-2_000))
    const answers = JSON.parse(String(stdout)) as Answers
    for (const [key, answer] of Object.entries(answers))
      if (typeof answer === 'string') console.error(`the peer of ${key} failed: ${answer}`)
    return answers
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writePart(folder: string, name: string, { x, actual }: Part): void {
  writeFileSync(path.join(folder, `${name}.f64`), x.values)
  writeFileSync(path.join(folder, `${name}.actual`), actual)
}
