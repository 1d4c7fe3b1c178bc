import { useMemo, useState } from 'react'
import type { SweepDetail, SweepTrial } from '#contract'
import { applySettingsInside } from '#graph/groups/set-inside'
import { ParallelChart } from '../report/ParallelChart.tsx'
import { useCatalogue, useWorkbench } from '../shell/workbench-context.ts'
import { rankedTrials, settingNames, sweepChart, trialLabel } from './sweep-chart.ts'
import { sweptChoices } from './sweep-draft.ts'
import { sweepMessages } from './sweep-messages.ts'
import { TrialTable } from './TrialTable.tsx'
import { useExpanded } from './use-expanded.ts'
import { useSweep } from './use-sweep.ts'

/** The trials of a sweep as lines and as a table: mark an axis to narrow both down, choose one to use its values. */
export function SweepResult({ id, close }: { id: string; close: () => void }) {
  const { engine } = useWorkbench()
  const { detail, problems = [] } = useSweep(engine, id)
  const [picked, setPicked] = useState<number | null>(null)
  const [kept, setKept] = useState<ReadonlySet<string> | null>(null)
  const { document } = useExpanded()
  const cards = useCatalogue((state) => state.byType)
  const titles = useMemo(
    () => new Map(sweptChoices(document, cards).map(({ setting, parameter }) => [setting, parameter.title])),
    [document, cards],
  )
  const chart = useMemo(() => detail && sweepChart(detail, titles), [detail, titles])
  if (!detail) return <p className="mute">{problems[0]?.message ?? sweepMessages.waiting}</p>
  const trials = rankedTrials(detail).filter(({ number }) => kept === null || kept.has(trialLabel(number)))
  const trial = detail.trials.find(({ number }) => number === (picked ?? detail.best?.number))
  return (
    <>
      <SweepState detail={detail} />
      {chart ? (
        <ParallelChart
          chart={chart}
          title={sweepMessages.chart(chart.lines.length)}
          height={300}
          {...(trial ? { picked: trialLabel(trial.number) } : {})}
          pick={(label) => setPicked(detail.trials.find(({ number }) => trialLabel(number) === label)?.number ?? null)}
          keep={setKept}
        />
      ) : (
        <p className="mute">{sweepMessages.noValues}</p>
      )}
      <TrialTable
        trials={trials}
        names={settingNames(detail)}
        titles={titles}
        label={detail.label}
        {...(detail.best ? { best: detail.best.number } : {})}
        picked={trial?.number ?? null}
        pick={setPicked}
      />
      {trial && <TrialActions trial={trial} names={settingNames(detail)} close={close} />}
    </>
  )
}

function SweepState({ detail }: { detail: SweepDetail }) {
  const { engine, notices } = useWorkbench()
  const { id, status, ended, planned } = detail
  const halted = status === 'cancelled' || status === 'interrupted'
  return (
    <div className="sweep-state">
      <span role="status">{sweepMessages.state(status, ended, planned)}</span>
      <progress value={ended} max={Math.max(1, planned)} aria-label={sweepMessages.progress} />
      {status === 'running' && (
        <button
          type="button"
          className="button small"
          onClick={() => engine.cancelSweep({ sweep: id }).catch(notices.complain)}
        >
          {sweepMessages.cancel}
        </button>
      )}
      {halted && (
        <button
          type="button"
          className="button small"
          onClick={() => engine.resumeSweep({ sweep: id }).catch(notices.complain)}
        >
          {sweepMessages.resume}
        </button>
      )}
    </div>
  )
}

interface TrialActionsProps {
  readonly trial: SweepTrial
  /** Settings that were searched: these are used. */
  readonly names: readonly string[]
  readonly close: () => void
}

function TrialActions({ trial, names, close }: TrialActionsProps) {
  const { file, view, notices, catalogue } = useWorkbench()
  function use() {
    const texts = names.map((name) => [name, JSON.stringify(trial.settings[name])])
    try {
      file.edit(sweepMessages.used(trial.number + 1), (document) =>
        applySettingsInside(document, Object.fromEntries(texts), catalogue.getState().cards),
      )
      close()
    } catch (error) {
      notices.complain(error)
    }
  }
  const open = (run: string) => {
    close()
    view.set({ room: 'runs', openRun: run })
  }
  return (
    <div className="sheet-foot">
      <p className="small">{trial.problem ?? sweepMessages.chosen(trial.number + 1)}</p>
      {trial.run !== undefined && (
        <button type="button" className="button" onClick={() => open(trial.run!)}>
          {sweepMessages.openRun}
        </button>
      )}
      <button type="button" className="button primary" onClick={use}>
        {sweepMessages.use}
      </button>
    </div>
  )
}
