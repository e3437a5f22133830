import { RefreshCw } from "lucide-react";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";

const t = strings.options;

interface TroubleProps {
  id: string | undefined;
  words: string;
  title: string;
  onAgain(): void;
}

/** Why a field has no choices, at the field, with a way to try again. */
export function Trouble({ id, words, title, onAgain }: TroubleProps) {
  return (
    <div className="mt-1 flex items-start gap-2">
      <p id={id} role="alert" className="min-w-0 flex-1 break-words text-bad text-xs">
        {words}
      </p>
      <Button size="sm" icon={<RefreshCw size={12} />} aria-label={`${t.again}: ${title}`} onClick={onAgain}>
        {t.again}
      </Button>
    </div>
  );
}
