/** One row of the table: the same work by us and by a peer. */
export interface Case {
  readonly work: string
  /** `SUBJECT/NAME`: a work of `own/SUBJECT.ts`. */
  readonly own: string
  /** A work of `peers/SUBJECT.py`; that of ours unless told. */
  readonly peer?: string
  readonly peerName: string
  /** Of the peer's Python; core unless told. */
  readonly environment?: Environment
  readonly rows: number
  /** 30 unless told. */
  readonly features?: number
  /** 1 unless told. */
  readonly threads?: number
  /** The ratio of CPU time to reach. */
  readonly goal: number
}

/** A group of `bench/parity`, or a Python that has PyTorch. */
export type Environment = 'core' | 'drift' | 'search' | 'treeshap' | 'torch'

const boosting: readonly Case[] = [100_000, 1_000_000].flatMap((rows) =>
  [1, 2].map((threads) => ({
    work: `boosting ${rows === 100_000 ? '100 k' : '1 M'} x 30, 100 trees`,
    own: 'trees/boosting',
    peerName: 'LightGBM',
    rows,
    threads,
    goal: 0.8,
  })),
)

const pathDependent = { work: 'TreeSHAP path-dependent, 10 k rows', own: 'trees/shap-path', rows: 100_000 }

const trees: readonly Case[] = [
  ...boosting,
  {
    work: 'forest 100 k x 30, 100 trees',
    own: 'trees/forest',
    peerName: 'scikit-learn',
    rows: 100_000,
    threads: 2,
    goal: 0.5,
  },
  { ...pathDependent, peer: 'trees/shap-woodelf', peerName: 'woodelf', goal: 0.4 },
  { ...pathDependent, peer: 'treeshap/shap-path', peerName: 'fasttreeshap v2', environment: 'treeshap', goal: 0.3 },
  { ...pathDependent, peer: 'trees/shap-lightgbm', peerName: 'LightGBM pred_contrib', goal: 0.1 },
  {
    work: 'TreeSHAP interventional, 1,000 rows x 100 background',
    own: 'trees/shap-background-100',
    peer: 'trees/shap-woodelf-100',
    peerName: 'woodelf',
    rows: 100_000,
    goal: 0.5,
  },
  {
    work: 'TreeSHAP interventional, 1,000 rows x 100 background',
    own: 'trees/shap-background-100',
    peer: 'trees/shap-shap-100',
    peerName: 'shap',
    rows: 100_000,
    goal: 0.5,
  },
  {
    work: 'TreeSHAP interventional, 10 k rows x 10 k background',
    own: 'trees/shap-background-10000',
    peer: 'trees/shap-woodelf-10000',
    peerName: 'woodelf',
    rows: 100_000,
    goal: 0.5,
  },
  {
    work: 'TreeSHAP path-dependent, one row, 200 times',
    own: 'trees/shap-one-row',
    peerName: 'shap',
    rows: 100_000,
    goal: 1,
  },
  {
    work: 'TreeSHAP interventional, one row x 100 background, 200 times',
    own: 'trees/shap-background-one-row',
    peerName: 'shap',
    rows: 100_000,
    goal: 1,
  },
  {
    work: 'TreeSHAP path-dependent, forest of 100 deep trees, 200 rows',
    own: 'trees/shap-deep-forest',
    peerName: 'shap',
    rows: 20_000,
    goal: 0.5,
  },
  {
    work: 'TreeSHAP interventional, forest of 100 deep trees, 40 rows x 100 background',
    own: 'trees/shap-background-deep-forest',
    peerName: 'shap',
    rows: 20_000,
    goal: 0.5,
  },
]

const dense: readonly Case[] = [
  {
    work: 'logistic regression 1 M x 50',
    own: 'dense/logistic',
    peerName: 'scikit-learn (lbfgs)',
    rows: 1_000_000,
    features: 50,
    goal: 0.5,
  },
  {
    work: 'multinomial logistic regression, 3 classes, 200 k x 50',
    own: 'dense/multinomial',
    peerName: 'scikit-learn (lbfgs)',
    rows: 200_000,
    features: 50,
    goal: 0.5,
  },
  {
    work: 'ridge regression 1 M x 50',
    own: 'dense/ridge',
    peerName: 'scikit-learn',
    rows: 1_000_000,
    features: 50,
    goal: 0.7,
  },
  {
    work: 'PCA, 10 components, 200 k x 50',
    own: 'dense/pca',
    peerName: 'scikit-learn',
    rows: 200_000,
    features: 50,
    goal: 0.7,
  },
  {
    work: 'PLS, 10 components, 200 k x 50',
    own: 'dense/pls',
    peerName: 'scikit-learn',
    rows: 200_000,
    features: 50,
    goal: 0.7,
  },
  {
    work: 'correlations 200 k x 50',
    own: 'dense/correlations',
    peerName: 'NumPy',
    rows: 200_000,
    features: 50,
    goal: 0.7,
  },
  {
    work: 'mutual information of a class with 30 numbers, 20 k rows',
    own: 'dense/class-information',
    peerName: 'scikit-learn',
    rows: 20_000,
    goal: 0.7,
  },
  {
    work: 'mutual information of a number with 30 numbers, 20 k rows',
    own: 'dense/number-information',
    peerName: 'scikit-learn',
    rows: 20_000,
    goal: 0.7,
  },
  {
    work: 'SMOTE, 11 k of 100 k rows x 30',
    own: 'dense/smote',
    peerName: 'imbalanced-learn',
    rows: 100_000,
    goal: 0.7,
  },
  {
    work: 'label propagation, rbf, 4,000 x 10',
    own: 'dense/label-propagation',
    peerName: 'scikit-learn',
    rows: 4_000,
    features: 10,
    goal: 0.7,
  },
]

const network = { peerName: 'PyTorch', environment: 'torch', rows: 10_000 } as const

const networks: readonly Case[] = [
  { ...network, work: 'MLP 100-128-64-2, 50 k rows, batch 256, an epoch', own: 'networks/mlp-256', goal: 0.5 },
  { ...network, work: 'the same, batch 32', own: 'networks/mlp-32', goal: 0.25 },
  { ...network, work: 'small CNN, 10 k images of 28 x 28, batch 64, an epoch', own: 'networks/cnn', goal: 0.7 },
]

const explanations = [
  ['KernelSHAP, 10 rows x 100 background x 1,000 samples', 'models/kernel-shap', 'shap'],
  ['permutation importance, 10 k rows x 30 x 5', 'models/permutation', 'scikit-learn'],
  ['partial dependence and ICE, 5 features x 50 places x 2,000 rows', 'models/partial-dependence', 'scikit-learn'],
] as const

const models: readonly Case[] = explanations.flatMap(([work, name, peerName]) => {
  const shared = { peer: name, peerName, rows: 100_000, goal: 0.33 }
  return [
    { ...shared, work: `${work}, ONNX model`, own: name },
    { ...shared, work: 'the same, ours from the trees that the model names', own: `${name}-trees` },
  ]
})

const tables: readonly Case[] = [
  { work: 'profile of 1 M x 30 typed columns', own: 'tables/profile', peerName: 'polars', rows: 1_000_000, goal: 0.7 },
  {
    work: 'fairness metrics with 1,000 bootstraps on 1 M rows',
    own: 'tables/fairness',
    peerName: 'fairlearn + NumPy',
    rows: 1_000_000,
    features: 2,
    goal: 0.1,
  },
]

const streams: readonly Case[] = [
  ['ADWIN', 'adwin'],
  ['DDM', 'ddm'],
  ['EDDM', 'eddm'],
  ['HDDM-A', 'hddm-a'],
  ['HDDM-W', 'hddm-w'],
  ['FHDDM', 'fhddm'],
  ['Page-Hinkley', 'page-hinkley'],
].map(([title, kind]) => ({
  work: `${title}, 100 k points`,
  own: `streams/${kind}`,
  peerName: 'river',
  environment: 'drift' as const,
  rows: 100_000,
  features: 1,
  goal: 0.02,
}))

const searches: readonly Case[] = [
  {
    work: 'TPE, 1,000 trials of 6 parameters',
    own: 'searches/tpe',
    peerName: 'Optuna',
    environment: 'search',
    rows: 100,
    features: 1,
    goal: 0.1,
  },
]

export const cases: readonly Case[] = [...trees, ...dense, ...networks, ...models, ...tables, ...streams, ...searches]
