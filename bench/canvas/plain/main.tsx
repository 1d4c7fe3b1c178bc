import '@xyflow/react/dist/style.css'
import { Background, Controls, type Edge, MiniMap, type Node, ReactFlow, useNodesState } from '@xyflow/react'
import { createRoot } from 'react-dom/client'

/** The same graph in React Flow as its guide sets it up, everything else left at its defaults. */
interface Graph {
  readonly nodes: Node[]
  readonly edges: Edge[]
}

function Plain({ graph }: { graph: Graph }) {
  const [nodes, , onNodesChange] = useNodesState(graph.nodes)
  return (
    <div style={{ width: '100vw', height: '100vh' }}>
      <ReactFlow nodes={nodes} edges={graph.edges} onNodesChange={onNodesChange} minZoom={0.02} fitView>
        <Background />
        <Controls />
        <MiniMap />
      </ReactFlow>
    </div>
  )
}

const graph = (await (await fetch('graph.json')).json()) as Graph
createRoot(document.querySelector('#root')!).render(<Plain graph={graph} />)
