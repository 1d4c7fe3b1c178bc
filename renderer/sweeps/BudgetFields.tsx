import { ChoiceSelect } from './SweepPlanForm.tsx'
import type { SweepDraft, SweptChoice } from './sweep-draft.ts'
import { sweepMessages } from './sweep-messages.ts'

interface BudgetFieldsProps {
  readonly choices: readonly SweptChoice[]
  readonly budget: SweepDraft['budget']
  readonly change: (budget: SweepDraft['budget']) => void
}

/** What a trial of successive halving may spend: a parameter, and its smallest and largest value. */
export function BudgetFields({ choices, budget, change }: BudgetFieldsProps) {
  const numbers = choices.filter(({ parameter }) => parameter.kind === 'number' || parameter.kind === 'slider')
  return (
    <fieldset>
      <legend>{sweepMessages.budget}</legend>
      <div className="sweep-row">
        <ChoiceSelect
          choices={numbers}
          label={sweepMessages.budgetOf}
          value={budget.setting}
          choose={(setting) => change({ ...budget, setting })}
        />
        {(['least', 'most'] as const).map((end) => (
          <input
            key={end}
            className="field"
            inputMode="numeric"
            aria-label={sweepMessages[end]}
            placeholder={sweepMessages[end]}
            value={budget[end]}
            onChange={(event) => change({ ...budget, [end]: event.target.value })}
          />
        ))}
      </div>
      <p className="mute small">{sweepMessages.budgetHint}</p>
    </fieldset>
  )
}
