import { Bug, ChevronDown, CircleDot, ListStart, Play, Square, StepForward } from "lucide-react";
import { useRun } from "../run/context";
import { isOver } from "../run/state";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { useDebugging } from "./debug/breakpoints";
import type { Running } from "./useRunning";

const t = strings.editor;

interface RunButtonProps {
  onRun(): void;
  onRunWith(): void;
  running: Running;
}

/** Runs the draft, in one way or another; stops it while it runs. */
export function RunButton({ onRun, onRunWith, running }: RunButtonProps) {
  const status = useRun(({ run }) => run.status);
  const active = status !== null && !isOver(status);
  if (active) {
    return (
      <Button icon={<Square size={13} />} onClick={() => void running.cancel()} className="max-sm:px-2">
        <span className="max-sm:sr-only">{t.stop}</span>
      </Button>
    );
  }
  return (
    <div className="flex" data-tour="run">
      <Button
        icon={<Play size={14} />}
        busy={running.starting}
        onClick={onRun}
        className="rounded-r-none max-sm:px-2"
        aria-keyshortcuts="Control+Enter"
      >
        <span className="max-sm:sr-only">{t.run}</span>
      </Button>
      <Menu
        trigger={
          <Button
            aria-label={strings.debug.runMenu}
            title={strings.debug.runMenu}
            className="-ml-px rounded-l-none px-1.5"
          >
            <ChevronDown size={14} />
          </Button>
        }
      >
        <MenuItem icon={<ListStart size={14} />} onSelect={() => setTimeout(onRunWith)}>
          {t.runWith}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Bug size={14} />} shortcut="F8" onSelect={() => void running.debug(false)}>
          {strings.debug.start}
        </MenuItem>
        <MenuItem icon={<StepForward size={14} />} shortcut="F10" onSelect={() => void running.debug(true)}>
          {strings.debug.stepwise}
        </MenuItem>
        <MenuItem
          icon={<CircleDot size={14} />}
          onSelect={() => setTimeout(() => useDebugging.setState({ listing: true }))}
        >
          {strings.debug.edit}
        </MenuItem>
      </Menu>
    </div>
  );
}
