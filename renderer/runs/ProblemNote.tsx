import type { Problem } from '#contract'

/** Problems in words: what and where, then the cure; the code last, for searching. */
export function ProblemNote({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null
  return (
    <div role="alert">
      <ul className="problem-note">
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.message}`}>
            <b className="bad">✕ {problem.message}</b> {problem.fix && <span>{problem.fix.replace(/\.$/, '')}. </span>}
            <small className="mute">{problem.code}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}
