import { z } from 'zod'

export const params = z.object({
  method: z.enum(['static', 'dynamic', 'aware']).default('static').meta({
    title: 'Method',
    description:
      'Static: weights and activations as int8, ranges from training rows. Dynamic: weights as int8, ranges in each call. Aware: trained a little more with rounded weights, then static.',
  }),
  calibration: z
    .enum(['min-max', 'percentile', 'entropy'])
    .default('min-max')
    .meta({
      title: 'Calibration',
      description:
        'What of an activation’s range is kept: all, all but the rare ends, or what loses least information.',
      when: { method: ['static', 'aware'] },
    }),
  percent: z
    .number()
    .min(90)
    .max(100)
    .default(99.9)
    .meta({
      title: 'Percent kept',
      description: 'Of the largest values of an activation.',
      unit: '%',
      when: { calibration: ['percentile'] },
    }),
  rows: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .meta({
      title: 'Calibration rows',
      description: 'Training rows that the ranges are taken from.',
      unit: 'rows',
      when: { method: ['static', 'aware'] },
    }),
  epochs: z
    .int()
    .min(1)
    .max(1_000)
    .default(3)
    .meta({
      title: 'Epochs',
      description: 'Of the further training with rounded weights.',
      unit: 'epochs',
      when: { method: ['aware'] },
    }),
  mostLoss: z.number().min(0).max(1).default(0.01).meta({
    title: 'Largest loss of quality',
    description:
      'Of accuracy, or of R² for numbers, on the validation rows. Layers that cost most stay fine until it is kept.',
  }),
  mostMilliseconds: z.number().min(0).max(1e6).default(0).meta({
    title: 'Largest latency',
    description:
      'Of one row, measured on this machine (95th percentile); layers that cost most stay fine until it is kept too. 0 for no limit, and nothing is measured.',
    unit: 'ms',
  }),
  mostKilobytes: z.number().min(0).max(1e6).default(0).meta({
    title: 'Largest size',
    description: 'Of the file; only layers for which there is room stay fine. 0 for no limit.',
    unit: 'kB',
  }),
})

export type QuantizeParams = z.output<typeof params>
