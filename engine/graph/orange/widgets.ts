import type { JsonValue } from '#contract'

type Settings = Readonly<Record<string, JsonValue>>
type Params = Readonly<Record<string, JsonValue>>

/** What stands for a widget of Orange. */
export interface Counterpart {
  readonly type: string
  /** Parameters that mean the same, from the widget's settings. */
  readonly params?: (settings: Settings) => Params
  /** What is different, for the report. */
  readonly differs?: string
}

const number = (value: JsonValue | undefined) =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
const given = (params: Readonly<Record<string, JsonValue | undefined>>): Params =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as Params
const whole = (value: JsonValue | undefined, least: number, most: number) => {
  const found = number(value)
  return found === undefined ? undefined : Math.min(most, Math.max(least, Math.round(found)))
}

const readFile: Counterpart = { type: 'data/read-file' }
const evaluate: Counterpart = {
  type: 'assess/evaluate',
  differs: 'Plumbline judges on rows set aside by Split; Orange may have cross-validated.',
}
const prepare: Counterpart = {
  type: 'prepare/prepare',
  differs: 'Look at how columns are imputed, encoded and scaled.',
}
const linear: Counterpart = { type: 'train/linear', differs: 'The strength of the penalty is Plumbline’s own.' }
const boosting: Counterpart = {
  type: 'train/boosting',
  params: (settings) =>
    given({
      rounds: whole(settings.n_estimators, 1, 10_000),
      learningRate: number(settings.learning_rate),
      depth: whole(settings.max_depth, 0, 64),
    }),
}

/** By the last part of a widget's qualified name, which hardly changes between versions of Orange. */
export const counterparts: Readonly<Record<string, Counterpart>> = {
  OWFile: readFile,
  OWCSVFileImport: readFile,
  OWDataSampler: { type: 'data/split', differs: 'Rows are divided into training, validation and test.' },
  OWFeatureStatistics: { type: 'data/profile' },
  OWDataInfo: { type: 'data/profile' },
  OWImpute: prepare,
  OWContinuize: prepare,
  OWPreprocess: prepare,
  OWRank: {
    type: 'prepare/select-features',
    params: ({ nSelected }) => given({ method: 'k-best', keep: whole(nSelected, 1, 100_000) }),
    differs: 'The best features are taken by the F of an analysis of variance.',
  },
  OWLogisticRegression: linear,
  OWLinearRegression: linear,
  OWTreeLearner: {
    type: 'train/tree',
    params: (settings) =>
      given({
        ...(settings.limit_depth === true && { maxDepth: whole(settings.max_depth, 0, 100) }),
        ...(settings.limit_min_leaf === true && { minLeaf: whole(settings.min_leaf, 1, 1_000_000) }),
      }),
  },
  OWRandomForest: {
    type: 'train/forest',
    params: (settings) =>
      given({
        trees: whole(settings.n_estimators, 1, 5_000),
        ...(settings.use_max_depth === true && { maxDepth: whole(settings.max_depth, 0, 1_000) }),
      }),
  },
  OWGradientBoosting: boosting,
  OWGBLearner: boosting,
  OWAdaBoostLearner: { ...boosting, differs: 'Gradient boosting stands for AdaBoost.' },
  OWAdaBoostClassification: { ...boosting, differs: 'Gradient boosting stands for AdaBoost.' },
  OWNNLearner: {
    type: 'train/neural-network',
    params: ({ hidden_layers_input: text, max_iterations: epochs }) => {
      const units = typeof text === 'string' ? (text.match(/\d+/g) ?? []).map(Number) : []
      const layers: JsonValue[] = units.flatMap((each): JsonValue[] => [
        { kind: 'dense', units: Math.min(4_096, Math.max(1, each)) },
        { kind: 'activation', function: 'relu' },
      ])
      return given({ epochs: whole(epochs, 1, 10_000), ...(layers.length > 0 && { design: 'own', layers }) })
    },
  },
  OWConstant: { type: 'train/baseline' },
  OWTestAndScore: evaluate,
  OWTestLearners: evaluate,
  OWPredictions: evaluate,
  OWConfusionMatrix: evaluate,
  OWROCAnalysis: evaluate,
  OWCalibrationPlot: evaluate,
  OWPerformanceCurve: evaluate,
  OWLiftCurve: evaluate,
  OWExplainModel: { type: 'explain/shap' },
  OWExplainPrediction: { type: 'explain/reasons' },
  OWExplainPredictions: { type: 'explain/reasons' },
  OWDatasetBias: { type: 'fairness/audit', differs: 'Name the protected columns in Infer schema.' },
  OWCombinePreprocessors: prepare,
}

/** Widgets that only show what every node shows by itself. */
export const shownAnyway = new Set([
  'OWTable',
  'OWDataTable',
  'OWDistributions',
  'OWScatterPlot',
  'OWBoxPlot',
  'OWTreeGraph',
  'OWTreeViewer',
  'OWNomogram',
  'OWSaveData',
  'OWSave',
  'OWSaveModel',
])
