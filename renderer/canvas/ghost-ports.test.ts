import { expect, it } from 'vitest'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { sampleDocument } from '../client/sample-document.test-support.ts'
import { connect } from '../state/edits/connect.ts'
import { ghostPorts, portIndex } from './ghost-ports.ts'
import { portY } from './port-place.ts'
import { wireLines } from './wire-lines.ts'

const cards = new Map(sampleCards.map((card) => [card.type, card]))
const wire = { from: 'split.rest', to: 'train.weights' }
const document = connect(sampleDocument, wire)
const train = cards.get('train/linear')!

it('a port that a node no longer has keeps its wire, after those it has', () => {
  expect(ghostPorts(document.edges, 'train', 'input', train)).toEqual(['weights'])
  expect(ghostPorts(sampleDocument.edges, 'train', 'input', train)).toEqual([])
  const ports = Object.keys(train.inputs).length
  expect(portIndex(document.edges, 'train', 'weights', 'input', train)).toBe(ports)
  expect(portIndex(document.edges, 'train', 'table', 'input', train)).toBe(Object.keys(train.inputs).indexOf('table'))
  const drawn = wireLines(document, cards).find(({ id }) => id === `${wire.from}→${wire.to}`)
  expect(drawn?.targetY).toBe(portY(ports))
})

it('a node of an unknown type shows the ports that wires name', () => {
  expect(ghostPorts(document.edges, 'train', 'input', undefined)).toEqual(['preparation', 'table', 'weights'])
  expect(ghostPorts(document.edges, 'train', 'output', undefined)).toEqual(['model'])
})
