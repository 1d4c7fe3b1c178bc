/** A plumb bob on its line. */
export function Logo() {
  return (
    <svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" className="logo">
      <g fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M6 3h12M12 3v8" />
        <path d="M12 11l4.5 4L12 22l-4.5-7z" fill="currentColor" />
      </g>
    </svg>
  )
}
