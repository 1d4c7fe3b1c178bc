import type { Problem } from '#contract'
import { keysOf } from '../commands/key-map.ts'
import { keyLabel } from '../commands/keys.ts'
import { nextProblem } from '../commands/next-problem.ts'
import { problemMessages } from '../shell/problem-messages.ts'
import { ProblemCard } from './ProblemCard.tsx'

/** What is wrong with a node: the cause in plain words, whom it concerns, and cures to click. */
export function ProblemTab({ node, problems }: { node: string; problems: readonly Problem[] }) {
  const [key] = keysOf(nextProblem)
  return (
    <div className="problems">
      {problems.map((problem) => (
        <ProblemCard key={problem.code + problem.message} node={node} problem={problem} />
      ))}
      {key && <p className="mute small">{problemMessages.next(keyLabel(key))}</p>}
    </div>
  )
}
