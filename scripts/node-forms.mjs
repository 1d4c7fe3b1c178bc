// Prints the form of each node, by type: in a process of its own, which has loaded nothing of an older program.

import { describeNode } from '../engine/graph/describe-node.ts'
import { catalogue } from '../nodes/catalogue.ts'

const forms = catalogue.map((node) => {
  const { params, defaults } = describeNode(node)
  return [node.type, { params, defaults }]
})
process.stdout.write(JSON.stringify(Object.fromEntries(forms)))
