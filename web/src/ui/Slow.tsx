import { type ReactNode, useEffect, useState } from "react";

const SLOW_MS = 1500;

/** Says why something takes longer than it mostly does, once it does. */
export function Slow({ busy, children }: { busy: boolean; children: ReactNode }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy]);
  return (
    <p role="status" className="text-ink-2 text-sm">
      {slow && children}
    </p>
  );
}
