export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="3" strokeLinecap="round">
        <path d="M8 11h3c6 0 4 10 10 10h3" />
        <path d="M8 21h3c2.4 0 3.5-1.6 4.300-3.500M16.700 14.500C17.500 12.600 18.600 11 21 11h3" opacity=".7" />
      </g>
    </svg>
  );
}
