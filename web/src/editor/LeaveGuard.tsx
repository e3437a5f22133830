import { useEffect, useState } from "react";
import { useBlocker } from "react-router";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import type { Saver } from "./saver";
import { useEditor } from "./store";

const t = strings.editor;
/** Saving takes less than this; where it does not, whoever wants to leave is asked. */
const PATIENCE_MS = 3000;

/** Leaving saves first; where that fails, or takes too long, it asks. */
export function LeaveGuard({ saver }: { saver: React.RefObject<Saver | null> }) {
  const kept = useEditor((state) => state.draftKept);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && saver.current?.clean === false,
  );
  const [stuck, setStuck] = useState(false);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    let here = true;
    const impatient = setTimeout(() => setStuck(true), PATIENCE_MS);
    void saver.current?.flush().then((saved) => {
      clearTimeout(impatient);
      if (!here) return;
      if (saved) blocker.proceed();
      else setStuck(true);
    });
    return () => {
      here = false;
      clearTimeout(impatient);
      setStuck(false);
    };
  }, [blocker, saver]);
  if (!stuck || blocker.state !== "blocked") return null;
  const stay = () => blocker.reset();
  return (
    <Dialog
      open
      onOpenChange={stay}
      title={t.leaveTitle}
      description={kept ? t.leaveText : strings.safety.leaveUnkept}
      footer={
        <>
          <Button variant={kept ? "secondary" : "danger"} onClick={() => blocker.proceed()}>
            {t.leave}
          </Button>
          <Button variant="primary" onClick={stay}>
            {t.stay}
          </Button>
        </>
      }
    />
  );
}
