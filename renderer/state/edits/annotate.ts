import type { PipelineDocument } from '#contract'
import type { Position } from './add-node.ts'

type Frame = PipelineDocument['frames'][number]
type Note = PipelineDocument['notes'][number]

export function addFrame(document: PipelineDocument, frame: Frame): PipelineDocument {
  return { ...document, frames: [...document.frames, frame] }
}

export function changeFrame(document: PipelineDocument, index: number, change: Partial<Frame>): PipelineDocument {
  return { ...document, frames: document.frames.map((frame, at) => (at === index ? { ...frame, ...change } : frame)) }
}

export function addNote(document: PipelineDocument, text: string, [x, y]: Position): PipelineDocument {
  return { ...document, notes: [...document.notes, { text, x: Math.round(x), y: Math.round(y) }] }
}

export function changeNote(document: PipelineDocument, index: number, change: Partial<Note>): PipelineDocument {
  return { ...document, notes: document.notes.map((note, at) => (at === index ? { ...note, ...change } : note)) }
}

/** Ids of frames and notes in the selection: "frame:0", "note:2". */
export function removeAnnotations(document: PipelineDocument, ids: ReadonlySet<string>): PipelineDocument {
  return {
    ...document,
    frames: document.frames.filter((_, index) => !ids.has(`frame:${index}`)),
    notes: document.notes.filter((_, index) => !ids.has(`note:${index}`)),
  }
}
