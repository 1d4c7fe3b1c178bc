import { defineNode, type PortSchema, type Problem } from '#contract'
import { isProblem, targetColumn } from '#ml/roles'
import { usualRanges } from './learners.ts'
import { goalFor } from './metric.ts'
import { params, type TuneParams, tuneVersion } from './params.ts'
import { planOrProblems, planTuning } from './plan.ts'
import { tuneCard, tuneReport } from './report.ts'
import { tune, winnerParams } from './run.ts'
import { readTrials, trialColumns } from './trials-frame.ts'

export default defineNode({
  type: 'train/tune',
  version: tuneVersion,
  title: 'Tune',
  doc: `Finds good settings of a learner by itself: tries many, side by side, keeps the best and trains it as the learner’s own step would. Every trial is a row of the output trials and can be put on the canvas as a step of its own.

**Strategies**: at random (Bergstra & Bengio, *JMLR* 13, 2012), every combination, evenly by the Sobol sequence; tree-structured Parzen estimator (Bergstra et al., *NIPS* 24, 2011, with Optuna 5’s defaults); Gaussian process with expected improvement (Snoek et al., *NIPS* 25, 2012); regularised evolution (Real et al., *AAAI* 33, 2019). Or many short trials of which the best go on: successive halving (Jamieson & Talwalkar, *AISTATS* 2016), Hyperband (Li et al., *JMLR* 18, 2018), ASHA (Li et al., *MLSys* 2, 2020).

Trials are judged by the validation rows, or by folds of the training rows, never by the test rows; learners that stop early stop by the same validation rows. Judge the winner on the test rows: the best of many looks better on the rows that have chosen it. With a second goal the Parzen estimator, the Gaussian process and evolution look for the whole front (ParEGO: Knowles, *IEEE Trans. Evol. Comput.* 10, 2006), and the winner is the cheapest model that is worse by no more than you give up.

Each learner has ranges that suit it, logarithmic where orders of magnitude count:

${usualRanges}

Your own ranges change them, add parameters or hold them at one value. The winner is fitted on all training rows. A search that is interrupted goes on where it was; one that is asked to finish gives the best so far. The same seed finds the same settings with any number of threads, unless there is a time limit.`,
  keywords: [
    'hyperparameter',
    'search',
    'optimise',
    'optuna',
    'grid search',
    'random search',
    'bayesian',
    'tpe',
    'hyperband',
    'automl',
  ],
  traits: ['tunes'],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column the training and validation rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: {
    model: { type: 'model', doc: 'The best model with its preparation inside, one ONNX file.' },
    trials: { type: 'table', doc: 'Every trial: its settings, how good it was, what it cost.' },
  },
  params,
  async infer({ inputs, params: given, context }) {
    const plan = planOrProblems(given)
    if (!('space' in plan)) return plan
    const problems = goalProblems(inputs.table, given)
    const { node } = plan.learner
    const inferred = await node.infer({ inputs, params: plan.paramsWith({}), context })
    if (!('model' in inferred)) return (inferred as readonly Problem[]).map(atOwnParameter)
    if (problems.length > 0) return problems
    return { model: inferred.model!, trials: { columns: trialColumns(plan.space) } }
  },
  run: tune,
  card: ({ outputs }) => tuneCard(outputs.model, outputs.trials.rows),
  async report({ inputs, outputs: { model, trials }, params: given, context }) {
    const plan = planTuning(given)
    const target = targetColumn(inputs.table.columns, given.target)
    const goal = isProblem(target) ? target : goalFor(given, target)
    if ('code' in goal) return []
    const records = await readTrials(trials, plan.space, context)
    const folds = records.some(({ spread }) => spread !== undefined) ? given.folds : 1
    return tuneReport({
      model,
      records,
      plan,
      goal,
      params: given,
      context,
      offer: (record) => winnerParams(plan, record, folds),
    })
  },
})

function goalProblems({ columns }: PortSchema, given: TuneParams): readonly Problem[] {
  const target = columns && targetColumn(columns, given.target)
  if (!target || isProblem(target)) return []
  const goal = goalFor(given, target)
  return 'code' in goal ? [goal] : []
}

const own: ReadonlySet<unknown> = new Set(Object.keys(params.shape))

/** Parameters of the learner that have no field here are set among the other settings. */
function atOwnParameter(problem: Problem): Problem {
  const [part, name] = problem.path ?? []
  return part === 'params' && !own.has(name) ? { ...problem, path: ['params', 'settings'] } : problem
}
