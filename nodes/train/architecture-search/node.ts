import { defineNode, type PortSchema } from '#contract'
import { inferNetwork } from '../neural-network/infer.ts'
import { kindFromTask } from '../neural-network/params.ts'
import { params, type SearchParams } from './params.ts'
import { readTrials } from './read-trials.ts'
import { searchCard, searchReport } from './report.ts'
import { searchArchitectures, searchVersion } from './run.ts'
import { trialColumns } from './trials-frame.ts'

export default defineNode({
  type: 'train/architecture-search',
  version: searchVersion,
  title: 'Architecture search',
  doc: `Finds the layers of a neural network by itself: tries many, keeps the best, within a size and a speed you can set. For columns, pictures and texts, classes and numbers. Every candidate is a row of the output trials, with its layers, cost and quality.

**Spaces**: a chain of layers of any length (Zoph & Le 2017, arXiv 1611.01578), or one cell of operations that is repeated (Zoph et al. 2018, arXiv 1707.07012) with a way around it (He et al. 2016, arXiv 1512.03385). **Strategies**: every combination, evenly spread from the first on; at random, tree-structured Parzen estimator (Bergstra et al. 2011), regularised evolution (Real et al. 2019, arXiv 1802.01548), a policy trained by REINFORCE (Williams 1992). **Estimation**: full training; low fidelity, where each is trained a little and the best in full; curves that are forecast not to beat the best are cut (after Domhan et al. 2015); morphisms that grow the best networks without changing what they compute, and so hand down their weights (Chen et al. 2016, arXiv 1511.05641; Elsken et al. 2019, arXiv 1804.09081).

A search in pictures begins with two chains of convolutions, or cells, that people would try first, the largest that keep the limits (but for a grid). Candidates over a limit are never trained. The score is the quality on the validation rows (accuracy, or R² for numbers), lowered for size and work where you prefer small ones (Tan et al. 2019, arXiv 1807.11626). Latency is counted in multiplications a row, which are the same on every machine; or measured, as Benchmark model does it: each candidate’s file, preparation included, is called with one row by ONNX Runtime on one thread of the processor, before it is trained and while nothing else runs, in three rounds in which candidates take turns, and its quietest round counts. The limit is for the 95th percentile, score and front go by the median. A measured search belongs to its machine, and another run may find another network; one that goes on keeps what it has measured. Candidates are trained side by side, four out at a time whatever the number of threads, so the same seed gives the same winner; large ones go one by one to a graphics processor where there is one that computes as the processor does. A search that is interrupted goes on where it was; one that is asked to finish gives the best so far.`,
  keywords: [
    'neural architecture search',
    'nas',
    'automl',
    'evolution',
    'reinforcement learning',
    'bayesian',
    'morphism',
    'hyperparameter',
  ],
  traits: ['tunes'],
  inputs: {
    table: {
      type: 'table',
      doc: 'Rows to learn from; candidates are judged by its validation rows, else by training rows that are held out.',
    },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: {
    model: { type: 'model', doc: 'The best network with its preparation inside, one ONNX file.' },
    trials: { type: 'table', doc: 'Every candidate: layers, cost, quality, and which one it grew from.' },
  },
  params,
  measures: ({ latency }) => latency === 'measured',
  migrate: { 1: kindFromTask },
  async infer({ inputs, params: given }) {
    const inferred = inferNetwork(inputs, { ...given, loss: 'squared' })
    if (!('model' in inferred)) return inferred
    const trials: PortSchema = { columns: trialColumns }
    return { ...inferred, trials }
  },
  run: searchArchitectures,
  card: ({ outputs }) => searchCard(outputs.model, outputs.trials.rows),
  report: async ({ outputs, params: given, context }) =>
    searchReport(outputs.model, await readTrials(outputs.trials, context), given as SearchParams),
})
