import { PartyPopper } from "lucide-react";
import { Popover } from "radix-ui";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useRun } from "../../run/context";
import { isOver } from "../../run/state";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { useNarrow } from "../../ui/useMedia";
import { select, useEditor } from "../store";
import { stepAfter, stepsFor } from "./steps";
import { TOUR_PARAM } from "./useStartTour";

const t = strings.tour;

/** Where a step stands whose place is not on screen: in the middle, near the bottom. */
const NOWHERE = { getBoundingClientRect: () => new DOMRect(window.innerWidth / 2, window.innerHeight - 90, 0, 0) };

/** The tour, where the address asks for it: step by step through the editor until the workflow has run. */
export default function Tour() {
  const [params, setParams] = useSearchParams();
  const end = () =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete(TOUR_PARAM);
        return next;
      },
      { replace: true },
    );
  return params.has(TOUR_PARAM) ? <Shown onEnd={end} /> : null;
}

function Shown({ onEnd }: { onEnd(): void }) {
  const steps = stepsFor(useNarrow());
  const [picked, setPicked] = useState(0);
  const execution = useEditor((state) => state.runExecutionId);
  const [before, setBefore] = useState(execution);
  const selected = useEditor((state) => state.nodes.size === 1);
  const status = useRun(({ run }) => run.status);
  const started = execution !== null && execution !== before;
  const current = stepAfter(steps, Math.min(picked, steps.length - 1), { selected, started });
  const step = steps[current];
  // What was done stays done: going back is by the button alone.
  useEffect(() => setPicked(current), [current]);

  const over = started && status !== null && isOver(status);
  const succeeded = over && status === "succeeded";
  const title = useId();
  const next = useRef<HTMLButtonElement>(null);
  const anchor = useAnchor(step?.at ?? []);
  if (!step) return null;
  const words = over ? t.steps[succeeded ? "succeeded" : "failed"] : t.steps[step.id];
  const goOn = () => {
    if (over && !succeeded) setBefore(execution);
    setPicked(over ? steps.length - 2 : current + 1);
  };
  const goBack = () => {
    // Selected still, the step that asks for it would go on at once.
    if (steps[current - 1]?.until === "selected") select([]);
    setPicked(current - 1);
  };

  return (
    <Popover.Root open>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          key={`${step.id}-${over}`}
          side={step.side}
          sideOffset={12}
          collisionPadding={12}
          aria-labelledby={title}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            const content = event.currentTarget;
            (next.current ?? (content instanceof HTMLElement ? content : null))?.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
          onEscapeKeyDown={onEnd}
          className="z-30 w-80 max-w-[calc(100vw-24px)] animate-pop rounded-xl border border-accent-line bg-surface p-4 shadow-lg"
        >
          <div className="mb-1 flex items-center gap-2">
            {succeeded && <PartyPopper size={17} className="shrink-0 text-accent" aria-hidden />}
            <h2 id={title} className="flex-1 font-semibold text-base">
              {words.title}
            </h2>
            <span className="tabular text-2xs text-ink-3">{t.progress(current + 1, steps.length)}</span>
          </div>
          <p className="text-ink-2 text-sm" aria-live="polite">
            {words.text}
          </p>
          <div className="mt-3 flex items-center gap-2">
            {succeeded ? (
              <>
                <Link to="/workflows" className="flex-1 text-accent text-xs hover:underline">
                  {t.toList}
                </Link>
                <Button ref={next} size="sm" variant="primary" onClick={onEnd}>
                  {t.done}
                </Button>
              </>
            ) : (
              <>
                <span className="flex-1">
                  <Button size="sm" variant="quiet" className="-ml-2.5" onClick={onEnd}>
                    {t.skip}
                  </Button>
                </span>
                {current > 0 && !started && (
                  <Button size="sm" onClick={goBack}>
                    {t.back}
                  </Button>
                )}
                {(step.until === undefined || over) && (
                  <Button ref={next} size="sm" variant="primary" onClick={goOn}>
                    {t.next}
                  </Button>
                )}
              </>
            )}
          </div>
          <Popover.Arrow width={14} height={7} className="fill-surface stroke-accent-line" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** How often the place of a step is looked for: panels come and go. */
const LOOK_MS = 200;

/** The first of the places that is on screen, marked for as long as the step stands at it. */
function useAnchor(selectors: readonly string[]) {
  const [found, setFound] = useState<Element | null>(null);
  const wanted = selectors.join("|");
  useEffect(() => {
    const look = () => {
      const places = wanted.split("|").map((selector) => document.querySelector(selector));
      setFound(places.find((place) => place && place.getBoundingClientRect().width > 0) ?? null);
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  useEffect(() => {
    found?.setAttribute("data-toured", "");
    return () => found?.removeAttribute("data-toured");
  }, [found]);
  return useMemo(() => ({ current: found ?? NOWHERE }), [found]);
}
