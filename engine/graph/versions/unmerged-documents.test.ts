import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#contract'
import { printDocument } from '../print.ts'
import { mergeDocuments } from './merge-documents.ts'
import { unmergedDocuments } from './unmerged-documents.ts'

const base: PipelineDocument = {
  format: 1,
  name: 'Loans',
  description: '',
  seed: 1,
  nodes: {
    read: { type: 'data/read-file', version: 1, params: { file: 'loans.csv' } },
    train: { type: 'train/boost', version: 1, params: { trees: 100 } },
  },
  edges: [{ from: 'read.table', to: 'train.table' }],
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
}
const withTrain = (params: Record<string, number>): PipelineDocument => ({
  ...base,
  nodes: { ...base.nodes, train: { ...base.nodes.train!, params } },
})

/** What git leaves in the file when it merges these by lines. */
function leftByGit(ours: PipelineDocument, theirs: PipelineDocument, style: 'merge' | 'diff3'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-merge-'))
  try {
    for (const [name, document] of Object.entries({ ours, base, theirs }))
      writeFileSync(path.join(folder, name), printDocument(document))
    try {
      execFileSync('git', ['merge-file', ...(style === 'diff3' ? ['--diff3'] : []), 'ours', 'base', 'theirs'], {
        cwd: folder,
        stdio: 'ignore',
      })
    } catch {}
    return readFileSync(path.join(folder, 'ours'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('a file that git could not merge', () => {
  const [ours, theirs] = [withTrain({ trees: 200, depth: 3 }), withTrain({ trees: 300 })]

  it('is taken apart into its versions', () => {
    const text = leftByGit(ours, theirs, 'diff3')
    expect(text).toContain('<<<<<<<')
    expect(unmergedDocuments(text)).toEqual({ ours, base, theirs })
  })

  it('has what both sides share as its base where git wrote none', () => {
    const unmerged = unmergedDocuments(leftByGit(ours, theirs, 'merge'))!
    expect(unmerged).toMatchObject({ ours, theirs })
    const { document, conflicts } = mergeDocuments(unmerged, [])
    expect(conflicts.map(({ place }) => place)).toEqual(['nodes/train/params/trees'])
    expect(document.nodes.train!.params).toEqual({ trees: 200, depth: 3 })
  })

  it('is left alone when it is merged, or no pipeline', () => {
    expect(unmergedDocuments(printDocument(base))).toBeUndefined()
    expect(unmergedDocuments('<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n')).toBeUndefined()
    expect(unmergedDocuments('<<<<<<< a\n{}\n')).toBeUndefined()
  })
})
