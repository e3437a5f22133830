import { TriangleAlert } from "lucide-react";
import { useRouteError } from "react-router";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Empty } from "../ui/States";

/** What is shown where a page threw while drawing, or its code could not be loaded. */
export function CrashPage() {
  const error = useRouteError();
  return (
    <main className="pt-16">
      <Empty
        icon={<TriangleAlert size={20} />}
        title={strings.errors.crashedTitle}
        actions={
          <Button variant="primary" onClick={() => window.location.reload()}>
            {strings.errors.reload}
          </Button>
        }
      >
        <p>{strings.errors.crashedDetail}</p>
        <p className="mt-3 break-words font-mono text-ink-3 text-xs">
          {error instanceof Error ? error.message : String(error)}
        </p>
      </Empty>
    </main>
  );
}
