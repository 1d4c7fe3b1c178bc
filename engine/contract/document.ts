import { z } from 'zod'

/** The pipeline file `name.plumb.json`. Its published JSON Schema is generated from here. */
export const documentFormat = 1

const slug = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens')
const portAddress = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-zA-Z][a-zA-Z0-9]*(-[a-z0-9]+)*$/, 'node.port')

export const nodeSchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z-]*\/[a-z][a-z0-9-]*$/, 'family/name')
    .meta({ title: 'Node type' }),
  version: z.int().min(1),
  title: z.string().optional().meta({ title: 'What the canvas shows instead of the type’s title' }),
  params: z.record(z.string(), z.json()).default({}),
})

export const assertionSchema = z.strictObject({
  metric: z
    .string()
    .min(1)
    .meta({ title: 'Of a table: rows, columns, missing, distinct, min, max or mean; else a figure of what flows' }),
  column: z.string().min(1).optional().meta({ title: 'Of which column' }),
  operator: z.enum(['>=', '<=']),
  limit: z.number(),
})

export const edgeSchema = z.strictObject({
  from: portAddress,
  to: portAddress,
  assertions: z
    .array(assertionSchema)
    .min(1)
    .optional()
    .meta({ title: 'What must hold of what flows here, or the steps behind do not run' }),
})

/** What a canvas holds: that of a pipeline, and that inside a group. */
const canvasParts = {
  nodes: z.record(slug, nodeSchema).default({}),
  edges: z.array(edgeSchema).default([]),
  inputs: z
    .record(z.string(), z.string())
    .default({})
    .meta({ title: 'Names a caller may set with --set NAME=VALUE, each pointing at node.param' }),
  layout: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
  frames: z
    .array(
      z.strictObject({
        title: z.string(),
        x: z.number(),
        y: z.number(),
        width: z.number().positive(),
        height: z.number().positive(),
      }),
    )
    .default([]),
  notes: z
    .array(z.strictObject({ text: z.string(), x: z.number(), y: z.number(), width: z.number().positive().optional() }))
    .default([]),
}

/**
 * What a node of type `group/NAME` stands for. Its ports are the nodes of type `input/PORTTYPE` and `output/PORTTYPE`
 * inside, its parameters the names in `inputs`.
 */
export const groupSchema = z.strictObject({
  title: z.string().min(1),
  version: z.int().min(1),
  newer: slug
    .optional()
    .meta({ title: 'The group of which this is an earlier version, kept for the nodes that still use it' }),
  ...canvasParts,
})

export const documentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.int().min(1),
    name: z.string().min(1),
    description: z.string().default(''),
    seed: z.int().min(0).max(0xffffffff).default(1),
    ...canvasParts,
    groups: z.record(slug, groupSchema).optional().meta({ title: 'Groups of nodes, by the NAME in group/NAME' }),
  })
  .meta({ title: 'Plumbline pipeline', id: 'plumbline-pipeline' })

export type PipelineNode = z.output<typeof nodeSchema>
export type PipelineEdge = z.output<typeof edgeSchema>
export type Assertion = z.output<typeof assertionSchema>
export type PipelineGroup = z.output<typeof groupSchema>
export type PipelineDocument = z.output<typeof documentSchema>
