import { defineNode } from '#contract'
import { inferNetwork, networkVersion } from './infer.ts'
import { kindFromTask, params } from './params.ts'
import { networkCard, networkReport } from './report.ts'
import { trainNetwork } from './run.ts'

export default defineNode({
  type: 'train/neural-network',
  version: networkVersion,
  title: 'Neural network',
  doc: `Trains a neural network on columns, on pictures or on texts, for classes or for numbers, and gives it as one ONNX file with its preparation inside. For data where sums and thresholds of single columns are not enough; on a small table a linear model or trees are often as good and easier to explain.

**Columns**: numbers imputed and scaled, each category a vector that is learned (Guo & Berkhahn 2016, arXiv 1604.06737), then dense layers; or the prepared matrix of a preparation at the input. **Pictures**: pixels centred and scaled channel by channel, convolutions with batch normalisation; the large design has residual blocks of depthwise separable convolutions (He et al. 2016, arXiv 1512.03385; Chollet 2017, arXiv 1610.02357). **Texts**: lower-case words, the mean of their vectors (Joulin et al. 2016, arXiv 1607.01759), or in the large design the strongest of runs of three words (Kim 2014, arXiv 1408.5882). Your own list of layers takes the place of a design.

Trained with cross-entropy for classes, on standardised numbers with squared error or Huber’s loss, on mini-batches by Adam, AdamW or gradient descent with momentum; every row once an epoch. The table’s validation rows, else some training rows that are held out, say which epoch is kept and when to stop. Weights come from a column of role weight. A training can be spread over threads: each batch in parts whose gradients are averaged, batches of their own whose gradients come late (Langford et al. 2009), or layers in stages with micro-batches (GPipe, Huang et al. 2019, arXiv 1811.06965); the step’s log tells how long threads were idle. The same seed gives the same bytes; a training that is interrupted goes on where it was, and one that is asked to finish gives the best so far.

A graphics processor is used for large networks, or when it is chosen: through WebGPU, else CUDA, DirectML or CoreML where ONNX Runtime has them; or through TensorFlow.js where you have installed it. Its first three steps are compared with the processor’s, and where they differ by more than 10⁻⁴, or no device is there, the processor trains; the card says which and why.

Wrong choices show in the curves: a validation loss that rises while the training loss falls has learned the rows by heart (a smaller design, dropout, weight decay help); a loss that jumps wants a lower learning rate.`,
  keywords: [
    'deep learning',
    'cnn',
    'mlp',
    'embedding',
    'image',
    'text',
    'classification',
    'regression',
    'convolution',
  ],
  inputs: {
    table: { type: 'table', doc: 'Rows to learn from; with a split column its training and validation rows are used.' },
    preparation: { type: 'model', doc: 'A fitted preparation that becomes part of the model.', optional: true },
  },
  outputs: {
    model: { type: 'model', doc: 'The trained network with its preparation inside, one ONNX file.' },
  },
  params,
  migrate: { 1: kindFromTask },
  async infer({ inputs, params: given }) {
    return inferNetwork(inputs, given)
  },
  run: trainNetwork,
  card: ({ outputs }) => networkCard(outputs.model),
  report: async ({ outputs }) => networkReport(outputs.model),
})
