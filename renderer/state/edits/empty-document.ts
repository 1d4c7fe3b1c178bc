import { documentFormat, type PipelineDocument } from '#contract'

export function emptyDocument(name: string): PipelineDocument {
  return {
    format: documentFormat,
    name,
    description: '',
    seed: 1,
    nodes: {},
    edges: [],
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}
