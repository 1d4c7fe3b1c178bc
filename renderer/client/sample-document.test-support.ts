import type { PipelineDocument } from '#contract'

const at: readonly (readonly [id: string, type: string, x: number, y: number])[] = [
  ['read', 'data/read-file', 20, 92],
  ['schema', 'data/infer-schema', 250, 190],
  ['validate', 'data/validate-schema', 480, 60],
  ['profile', 'data/profile', 720, 190],
  ['split', 'data/split', 720, 40],
  ['prepare', 'prepare/prepare', 960, 160],
  ['train', 'train/linear', 1200, 40],
  ['evaluate', 'assess/evaluate', 1450, 0],
  ['fairness', 'fairness/audit', 1450, 130],
  ['shap', 'explain/shap', 1450, 270],
  ['gate', 'release/gate', 1700, 60],
  ['report', 'fairness/report', 1940, 160],
]
const wires: readonly (readonly [from: string, to: string])[] = [
  ['read.table', 'schema.table'],
  ['read.table', 'validate.table'],
  ['schema.schema', 'validate.schema'],
  ['validate.table', 'split.table'],
  ['validate.table', 'profile.table'],
  ['split.table', 'prepare.table'],
  ['split.table', 'train.table'],
  ['prepare.preparation', 'train.preparation'],
  ['train.model', 'evaluate.model'],
  ['split.table', 'evaluate.table'],
  ['train.model', 'fairness.model'],
  ['split.table', 'fairness.table'],
  ['train.model', 'shap.model'],
  ['split.table', 'shap.table'],
  ['evaluate.evaluation', 'gate.evaluations'],
  ['fairness.evaluation', 'gate.evaluations'],
  ['fairness.evaluation', 'report.evaluations'],
  ['shap.explanation', 'report.explanation'],
  ['gate.release', 'report.release'],
]

/** The loan example in miniature. */
export const sampleDocument: PipelineDocument = {
  format: 1,
  name: 'Loan approvals',
  description: 'A planted age bias and a proxy column. Find and repair both.',
  seed: 1,
  nodes: Object.fromEntries(at.map(([id, type]) => [id, { type, version: 1, params: {} }])),
  edges: wires.map(([from, to]) => ({ from, to })),
  inputs: { data: 'read.path' },
  layout: Object.fromEntries(at.map(([id, , x, y]) => [id, [x, y]])),
  frames: [{ title: 'Data contract · reviewed by credit SME', x: 0, y: 20, width: 690, height: 300 }],
  notes: [
    {
      text: 'The Porto branch joins today. Its people are older, so don’t drop its rows without asking me.',
      x: 20,
      y: 360,
    },
  ],
}
