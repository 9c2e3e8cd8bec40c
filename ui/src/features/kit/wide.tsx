// What may be wider than the page: it scrolls by itself, by keyboard too.
import type { ReactNode } from "react";

export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="wide" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
