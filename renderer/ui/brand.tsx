/** An A whose bar is a price path. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" width="1.75rem" height="1.75rem" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--mark-ground)" />
      <g fill="none" stroke="var(--mark-line)" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 24 16 7l9 17" strokeWidth="3" />
        <path d="m10.5 19.5 4-3 3.5 2 4.5-4" strokeWidth="2" />
      </g>
    </svg>
  )
}
