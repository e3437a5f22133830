import { useQueryClient } from "@tanstack/react-query";
import { RotateCw, TriangleAlert } from "lucide-react";
import { useLocation, useNavigate, useRouteError } from "react-router";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Empty } from "../ui/States";

/**
 * What is shown where a page threw while drawing. The pages have one below the navigation, so that this stays.
 */
export function CrashPage({ alone = false }: { alone?: boolean }) {
  const error = useRouteError();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname, search, hash } = useLocation();
  const again = () => {
    // What the page was drawn from may be what broke it. Nothing of a page that is gone is in use.
    client.removeQueries({ type: "inactive" });
    void navigate({ pathname, search, hash }, { replace: true });
  };
  return (
    <div role="alert" className={cx("mx-auto w-full", alone ? "pt-16" : "pt-6")}>
      <Empty
        icon={<TriangleAlert size={20} />}
        title={strings.errors.crashedTitle}
        actions={
          <>
            <Button variant="primary" icon={<RotateCw size={14} />} onClick={again}>
              {strings.common.retry}
            </Button>
            <Button onClick={() => window.location.reload()}>{strings.errors.reload}</Button>
            {alone && <Button onClick={() => window.location.assign("/")}>{strings.nav.goHome}</Button>}
          </>
        }
      >
        <p>{strings.errors.crashedDetail}</p>
        <p className="mt-3 font-mono text-ink-3 text-xs [overflow-wrap:anywhere]">
          {error instanceof Error ? error.message : String(error)}
        </p>
      </Empty>
    </div>
  );
}
