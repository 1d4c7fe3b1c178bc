import { z } from 'zod'
import type { JsonValue } from '#contract'
import { deviceChoices } from '#ml/neural/best-device'
import { shared } from '../learner-params.ts'
import { activations, layerKinds } from './layer-list.ts'

const own = { design: ['own'] }

const windows = ['convolution', 'separable convolution', 'depthwise convolution', 'sequence convolution'] as const
const poolings = ['max pooling', 'max pooling, same size', 'average pooling'] as const
const withUnits = ['dense', 'convolution', 'separable convolution', 'sequence convolution', 'embedding', 'word mean']

const layer = z.object({
  kind: z.enum(layerKinds).meta({ title: 'Layer', description: 'What the layer does.' }),
  units: z
    .int()
    .min(1)
    .max(4_096)
    .default(32)
    .meta({
      title: 'Units',
      description: 'Outputs of a dense layer, filters of a convolution, numbers in a word’s vector.',
      when: { kind: withUnits },
    }),
  size: z
    .int()
    .min(1)
    .max(31)
    .default(3)
    .meta({
      title: 'Size',
      description: 'Side of a convolution’s or pooling’s window, or words in a run.',
      when: { kind: [...windows, ...poolings] },
    }),
  share: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.2)
    .meta({
      title: 'Share',
      description: 'Of the numbers that dropout leaves out.',
      when: { kind: ['dropout'] },
    }),
  function: z
    .enum(activations)
    .default('relu')
    .meta({ title: 'Function', description: 'Of an activation.', when: { kind: ['activation'] } }),
})

export const params = z.object({
  target: shared.target,
  kind: shared.kind,
  input: z.enum(['auto', 'columns', 'image', 'text']).default('auto').meta({
    title: 'Learn from',
    description:
      'Auto takes the image column if there is one, else a text column that is the only feature, else all columns.',
  }),
  column: z
    .string()
    .default('')
    .meta({
      title: 'Image or text column',
      description: 'The column to learn from; empty takes the first of that type.',
      widget: 'column',
      types: ['image', 'text'],
      when: { input: ['image', 'text'] },
    }),
  design: z.enum(['auto', 'small', 'large', 'own']).default('auto').meta({
    title: 'Design',
    description: 'Auto is small below 20,000 training rows and large above; own takes the layers below.',
  }),
  layers: z.array(layer).max(100).default([]).meta({
    title: 'Layers',
    description: 'From input to output; the last dense layer, one output a class, is added.',
    widget: 'rows',
    when: own,
  }),
  epochs: z.int().min(1).max(10_000).default(40).meta({
    title: 'Epochs',
    description: 'Times through the training rows at most.',
    unit: 'epochs',
  }),
  patience: z.int().min(0).max(10_000).default(6).meta({
    title: 'Patience',
    description: 'Ends after so many epochs without a better loss on the validation rows; 0 never ends early.',
    unit: 'epochs',
  }),
  heldOut: z.number().min(0).max(0.5).default(0.1).meta({
    title: 'Held out',
    description: 'Share of the training rows that validate where the table has no validation rows; 0 for none.',
    advanced: true,
  }),
  batch: z.int().min(1).max(65_536).default(64).meta({
    title: 'Batch',
    description: 'Rows a step.',
    unit: 'rows',
  }),
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam').meta({
    title: 'Optimiser',
    description: 'Adam, Adam with decoupled weight decay, or gradient descent with momentum.',
  }),
  learningRate: z.number().min(1e-8).max(100).default(0.002).meta({
    title: 'Learning rate',
    description: 'Of the first epoch after the warm-up.',
  }),
  schedule: z.enum(['constant', 'cosine', 'linear', 'step']).default('cosine').meta({
    title: 'Schedule',
    description: 'How the learning rate goes on: along half a cosine or a line to 0, or halved every ten epochs.',
    advanced: true,
  }),
  warmup: z.number().min(0).max(0.9).default(0).meta({
    title: 'Warm-up',
    description: 'Share of all steps over which the learning rate rises.',
    advanced: true,
  }),
  momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .meta({
      title: 'Momentum',
      description: 'Of gradient descent.',
      when: { optimizer: ['sgd'] },
    }),
  weightDecay: z.number().min(0).max(1).default(0).meta({
    title: 'Weight decay',
    description: 'How strongly parameters are drawn to 0.',
    advanced: true,
  }),
  loss: z
    .enum(['squared', 'huber'])
    .default('squared')
    .meta({
      title: 'Loss for numbers',
      description: 'Huber’s grows linearly beyond one standard deviation, so outliers pull less.',
      when: { kind: ['auto', 'numbers'] },
      advanced: true,
    }),
  classWeight: shared.classWeight,
  positive: shared.positive,
  threshold: shared.threshold,
  folds: shared.folds,
  spread: z.enum(['none', 'synchronous', 'asynchronous', 'pipeline']).default('none').meta({
    title: 'Side by side',
    description:
      'Spreads a training over the processor’s threads: each batch in parts; batches of their own whose gradients come late; or the layers in stages through which micro-batches follow each other. For large networks and batches: small ones become slower.',
    advanced: true,
  }),
  parts: z
    .int()
    .min(2)
    .max(32)
    .default(2)
    .meta({
      title: 'Parts',
      description:
        'Parts or micro-batches of a batch, or batches that are out at a time. The result depends on them, not on the number of threads.',
      unit: 'parts',
      when: { spread: ['synchronous', 'asynchronous', 'pipeline'] },
      advanced: true,
    }),
  stages: z
    .int()
    .min(2)
    .max(16)
    .default(2)
    .meta({
      title: 'Stages',
      description:
        'Into which the layers are cut, each with about the same work; fewer where the layers allow no more.',
      unit: 'stages',
      when: { spread: ['pipeline'] },
      advanced: true,
    }),
  device: z.enum(deviceChoices).default('auto').meta({
    title: 'Device',
    description:
      'Auto takes the graphics processor for networks that keep the processor busy for long; tensorflow takes TensorFlow.js where you have installed it. Both give slightly other bytes than the processor.',
  }),
  mostWords: z.int().min(10).max(200_000).default(8_000).meta({
    title: 'Vocabulary',
    description: 'The most frequent words of the training rows that get a vector of their own.',
    unit: 'words',
    advanced: true,
  }),
  places: z.int().min(1).max(2_000).default(64).meta({
    title: 'Words read',
    description: 'Of each text, from its beginning.',
    unit: 'words',
    advanced: true,
  }),
})

export type NetworkParams = z.output<typeof params>

/** Version 1 called the kind task, unlike the other learners. */
export const kindFromTask = ({ task, ...old }: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> => ({
  ...old,
  ...(task !== undefined && { kind: task }),
})
