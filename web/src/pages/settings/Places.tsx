import { ChevronRight } from "lucide-react";
import { Link } from "react-router";

interface Place {
  to: string;
  title: string;
  text: string;
}

/** Pages of settings, at the end of a card: each row leads to one. */
export function Places({ places }: { places: readonly Place[] }) {
  return (
    <ul className="-mx-4 sm:-mx-5 -mb-4 sm:-mb-5 divide-y divide-line border-line border-t">
      {places.map(({ to, title, text }) => (
        <li
          key={to}
          className="relative flex items-center gap-3 px-4 py-3 transition-colors hover:bg-surface-2 sm:px-5"
        >
          <div className="min-w-0 flex-1">
            <Link to={to} className="font-medium text-ink text-sm after:absolute after:inset-0">
              {title}
            </Link>
            <p className="text-ink-2 text-xs">{text}</p>
          </div>
          <ChevronRight size={16} className="shrink-0 text-ink-3" aria-hidden />
        </li>
      ))}
    </ul>
  );
}
