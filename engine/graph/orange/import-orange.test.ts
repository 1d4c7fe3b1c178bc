import { describe, expect, it } from 'vitest'
import { importOrange } from './import-orange.ts'
import { readPythonLiteral } from './python-literal.ts'
import { readXml } from './read-xml.ts'

describe('XML', () => {
  it('is read with attributes, entities, comments and CDATA', () => {
    const root = readXml(
      `<?xml version='1.0'?><!DOCTYPE x><a b="1 &lt; 2" c='x>y'><!-- <no/> --><d/>t&amp;u&#8364;<e><![CDATA[<raw>]]></e></a>`,
    )
    expect(root).toMatchObject({ name: 'a', attributes: { b: '1 < 2', c: 'x>y' }, text: 't&u€' })
    expect(root?.children.map(({ name, text }) => [name, text])).toEqual([
      ['d', ''],
      ['e', '<raw>'],
    ])
  })
  it('that does not match is none', () => {
    for (const text of ['', 'plain', '<a><b></a>', '</a>', '<a>']) expect(readXml(text)).toBeUndefined()
  })
})

describe('Python literals', () => {
  it('become values', () => {
    const text = `{'a': [1, -2.5e3, None], "b": (True, False), 'c': 'it\\'s\\n', 3: {1, 2}, 'e': {}, 'f': b'\\x41', }`
    expect(readPythonLiteral(text)).toEqual({
      a: [1, -2500, null],
      b: [true, false],
      c: "it's\n",
      3: [1, 2],
      e: {},
      f: 'A',
    })
  })
  it('that call or name something are none', () => {
    for (const text of ['', 'f(1)', '[1, x]', "{'a': 1", '[1] 2', "__import__('os')"])
      expect(readPythonLiteral(text), text).toBeUndefined()
  })
})

const node = (id: number, qualified: string, title: string, x = 100 * id) =>
  `<node id="${id}" name="${title}" qualified_name="${qualified}" title="${title}" position="(${x}.0, 50.0)" />`
const link = (from: number, to: number, channel: string, enabled = true) =>
  `<link id="${from}${to}" source_node_id="${from}" sink_node_id="${to}" source_channel="${channel}" sink_channel="${channel}" enabled="${enabled}" />`

/** File → Select Columns → Data Table, Test and Score of two learners, one with a preprocessor; an odd widget in between. */
const workflow = `<?xml version='1.0' encoding='utf-8'?>
<scheme version="2.0" title="Heart" description="Who falls ill">
<nodes>${[
  node(0, 'Orange.widgets.data.owfile.OWFile', 'File'),
  node(1, 'Orange.widgets.data.owselectcolumns.OWSelectAttributes', 'Select Columns'),
  node(2, 'Orange.widgets.data.owtable.OWTable', 'Data Table'),
  node(3, 'Orange.widgets.model.owlogisticregression.OWLogisticRegression', 'Logistic Regression'),
  node(4, 'Orange.widgets.model.owrandomforest.OWRandomForest', 'Random Forest'),
  node(5, 'Orange.widgets.evaluate.owtestandscore.OWTestAndScore', 'Test and Score'),
  node(6, 'Orange.widgets.data.owpreprocess.OWPreprocess', 'Preprocess'),
  node(7, 'Orange.widgets.unsupervised.owkmeans.OWKMeans', 'k-Means'),
].join('')}</nodes>
<links>${[
  link(0, 1, 'Data'),
  link(1, 2, 'Data'),
  link(1, 5, 'Data'),
  link(3, 5, 'Learner'),
  link(4, 5, 'Learner'),
  link(6, 3, 'Preprocessor'),
  link(1, 7, 'Data'),
  link(0, 5, 'Data', false),
].join('')}</links>
<annotations><text id="0" type="text/plain" rect="(10.0, 20.0, 100.0, 30.0)">Mind &amp; heart</text></annotations>
<node_properties>
<properties node_id="0" format="pickle">gAN9cQAoWAwAAAByZWNlbnRfcGF0aHNYHwAAAC9ob21lL2FuYS9kYXRhL2hlYXJ0IGRpc2Vhc2UudGFicQF1Lg==</properties>
<properties node_id="4" format="literal">{'n_estimators': 40, 'use_max_depth': True, 'max_depth': 3, 'random': None}</properties>
</node_properties>
</scheme>`

describe('a workflow of Orange', () => {
  const { document, widgets } = importOrange(workflow, 'heart')
  it('becomes nodes and wires, past what was left out', () => {
    expect(document).toMatchObject({ name: 'Heart', description: 'Who falls ill' })
    expect(Object.fromEntries(Object.entries(document.nodes).map(([id, { type }]) => [id, type]))).toEqual({
      file: 'data/read-file',
      'logistic-regression': 'train/linear',
      'random-forest': 'train/forest',
      'test-and-score': 'assess/evaluate',
      preprocess: 'prepare/prepare',
    })
    expect(document.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'preprocess.preparation logistic-regression.preparation',
      'file.table logistic-regression.table',
      'file.table random-forest.table',
      'random-forest.model test-and-score.baseline',
      'logistic-regression.model test-and-score.model',
      'file.table test-and-score.table',
    ])
  })
  it('keeps settings that can be read, and the name of the file', () => {
    expect(document.nodes.file?.params).toEqual({ path: 'heart disease.tab' })
    expect(document.nodes['random-forest']?.params).toEqual({ trees: 40, maxDepth: 3 })
  })
  it('tells of every widget what became of it, on the canvas too', () => {
    const notes = Object.fromEntries(widgets.map(({ title, note }) => [title, note]))
    expect(notes['k-Means']).toMatch(/^Left out/)
    expect(notes['Data Table']).toMatch(/^Not needed/)
    expect(notes['Random Forest']).toBe('Settings taken: trees, maxDepth.')
    expect(document.notes.map(({ text }) => text)).toEqual([
      'Mind & heart',
      'Imported from Orange: 5 of 8 widgets became nodes. Left out, without a counterpart: Select Columns, k-Means.',
    ])
  })
  it('that is none is refused', () => {
    expect(() => importOrange('{"format": 1}', 'x')).toThrowError(/not a workflow of Orange/)
  })
})
