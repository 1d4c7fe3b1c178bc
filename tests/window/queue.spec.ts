import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { addCases, addReasons, openQueue, queueFile } from '#store/queue/open-queue'
import { expectAccessible } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp

/** Two cases with a suggestion, then one that people judge before they see the model. */
function fillQueue(): void {
  mkdirSync(path.join(folder, '.plumbline'))
  const queue = openQueue(queueFile(folder))
  const one = (id: string, place: number) => ({
    id,
    model: 'loans',
    version: 2,
    request: 'r',
    place,
    automation: { level: id === 'blind' ? ('human-first' as const) : ('suggest' as const) },
    sight: id === 'blind' ? ('after' as const) : ('before' as const),
    why: [{ cause: 'level' as const }],
    row: { debt_ratio: 0.31 + place, employment: 'salaried', age_group: 'young' },
    protected: ['age_group'],
    choices: ['yes', 'no'],
    target: 'approved',
    answer: { decision: 'yes', score: 0.61 },
    fallback: false,
    pending: false,
  })
  addCases(queue, ['clear', 'firm', 'blind'].map(one))
  const contributions = [
    { feature: 'debt_ratio', contribution: 0.82 },
    { feature: 'employment', contribution: -0.2 },
  ]
  const reasons = { method: 'Linear SHAP', space: 'log-odds', class: 'yes', base: 0.1, contributions }
  addReasons(
    queue,
    ['clear', 'firm', 'blind'].map((id) => ({ id, reasons })),
  )
  queue.close()
}

test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-queue-'))
  writeFileSync(path.join(folder, 'plumbline.json'), '{"format":1,"name":"Queue"}')
  fillQueue()
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('cases are worked through by keys alone, as much of the model shown as the level allows; clean for axe', async ({
  page,
}) => {
  test.setTimeout(90_000)
  const watch = watchPage(page)
  app = await startApp([folder])
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(app.address)
  await expect(page.getByRole('button', { name: 'Queue', exact: true })).toBeVisible()
  await page.keyboard.press('Alt+6')
  await expect(page.getByText('3 cases waiting, 0 to veto, 0 overdue')).toBeVisible()

  await page.keyboard.press('Enter')
  const desk = page.getByRole('region', { name: 'Case', exact: true })
  await expect(desk).toContainText('Debt ratio')
  await expect(desk).toContainText('The model says yes, score 0.610')
  await expect(desk).toContainText('Debt ratio speaks for yes, +0.820')
  await expect(desk).not.toContainText('young')
  await expectAccessible(page)

  await page.keyboard.press('s')
  await expect(desk).toContainText('1.31')
  await page.keyboard.press('n')
  await page.keyboard.type('a firm I know')
  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  await expect(page.getByText('Decided: no. 2 cases left.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Decided' })).toContainText('a firm I know')

  await expect(desk).toContainText('What the model says is shown after your decision')
  await expect(desk).not.toContainText('0.610')
  await page.keyboard.press('r')
  await expect(desk).toContainText('You and the model disagree. You said no.')
  await page.keyboard.press('a')
  await expect(page.getByText('Decided: yes. 1 case left.')).toBeVisible()

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(desk).toContainText('0.31')
  await page.keyboard.press('a')
  await expect(page.getByText('0 cases waiting')).toBeVisible()
  const figures = page.getByRole('region', { name: 'People and the model' })
  await expect(figures).toContainText('Agreement by age_group')
  await expect(figures).toContainText('few cases')
  await page.getByRole('button', { name: 'Save labelled rows' }).click()
  await expect(page.getByText('3 cases in data/loans-labels.csv')).toBeVisible()
  await expectAccessible(page)
  watch.expectNone()
})
