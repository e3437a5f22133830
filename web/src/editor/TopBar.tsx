import {
  ChevronLeft,
  CircleAlert,
  CircleCheck,
  CloudOff,
  CloudUpload,
  Download,
  Ellipsis,
  History,
  Keyboard,
  MessageSquareText,
  Radio,
  Redo2,
  Route,
  Save,
  Settings2,
  Undo2,
} from "lucide-react";
import { Popover } from "radix-ui";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useEnvironments } from "../api/environments";
import { setWorkflow } from "../graph/reducers";
import { ThemeSwitch } from "../pages/AppShell";
import { download, exported } from "../pages/workflows/files";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { isComposing } from "../ui/composing";
import { cx } from "../ui/cx";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { inWords } from "../ui/message";
import { patient } from "../ui/patient";
import { toast } from "../ui/toasts";
import { leaveField, onCanvas } from "./canvasFocus";
import { ProblemsPanel } from "./ProblemsPanel";
import { isLive, isSame, PublishSign, usePublishState } from "./PublishState";
import { RunButton } from "./RunButton";
import type { Saver } from "./saver";
import { currentDocument, edit, redo, undo, useDocument, useEditor } from "./store";
import { TriggerChecks } from "./TriggerChecks";
import { useStartTour } from "./tour/useStartTour";
import { usePublishing } from "./usePublishing";
import type { Running } from "./useRunning";
import { PublishDialog } from "./versions/PublishDialog";
import { WorkflowSettingsDialog } from "./WorkflowSettingsDialog";

const t = strings.editor;
const VersionsDialog = lazy(() => patient(() => import("./versions/VersionsDialog")));

interface TopBarProps {
  onSave(): void;
  onRun(): void;
  onRunWith(): void;
  onHelp(): void;
  running: Running;
  saver: React.RefObject<Saver | null>;
}

export function TopBar({ onSave, onRun, onRunWith, onHelp, running, saver }: TopBarProps) {
  const canUndo = useEditor((state) => state.history.past.length > 0);
  const canRedo = useEditor((state) => state.history.future.length > 0);
  const version = useEditor((state) => state.publishedVersion);
  const [settings, setSettings] = useState(false);
  const tour = useStartTour();
  const [params] = useSearchParams();
  const [versions, setVersions] = useState(params.has("versions"));
  const [noting, setNoting] = useState(false);
  const { publish, ask, unpublish, publishing, checks, showChecks } = usePublishing(saver, () => setVersions(true));
  const [first] = useEnvironments().data ?? [];
  const asksIn = first?.needsApproval ? first.name : undefined;
  const state = usePublishState();
  return (
    <header className="flex h-13 shrink-0 items-center gap-1.5 border-line border-b bg-surface px-2 sm:gap-2 sm:px-3">
      <Link
        to="/workflows"
        aria-label={strings.nav.workflows}
        title={strings.nav.workflows}
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-surface-3 hover:text-ink"
      >
        <ChevronLeft size={18} />
      </Link>
      <WorkflowName />
      <PublishSign state={state} />
      <SaveSign onSave={onSave} />
      <div className="flex-1" />
      <div className="hidden items-center md:flex">
        <IconButton label={t.undo} shortcut="mod+z" disabled={!canUndo} onClick={onCanvas(undo)}>
          <Undo2 size={16} />
        </IconButton>
        <IconButton label={t.redo} shortcut="mod+shift+z" disabled={!canRedo} onClick={onCanvas(redo)}>
          <Redo2 size={16} />
        </IconButton>
      </div>
      <Problems />
      <RunButton onRun={onRun} onRunWith={onRunWith} running={running} />
      <Button
        variant={isLive(state) ? "secondary" : "primary"}
        busy={publishing}
        title={isLive(state) ? strings.versions.nothingToPublish : undefined}
        onClick={() => {
          if (isSame(state)) toast({ tone: "info", title: strings.versions.nothingToPublish });
          else if (asksIn) setNoting(true);
          else void publish();
        }}
        icon={<CloudUpload size={15} />}
        className="max-sm:px-2"
      >
        <span className="max-sm:sr-only">{t.publish}</span>
      </Button>
      <Menu
        trigger={
          <IconButton label={strings.common.more}>
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <div className="px-2 py-1.5">
          <ThemeSwitch />
        </div>
        <MenuLine />
        <MenuItem icon={<Undo2 size={14} />} shortcut="mod+z" disabled={!canUndo} onSelect={undo}>
          {t.undo}
        </MenuItem>
        <MenuItem icon={<Redo2 size={14} />} shortcut="mod+shift+z" disabled={!canRedo} onSelect={redo}>
          {t.redo}
        </MenuItem>
        <MenuItem icon={<Save size={14} />} shortcut="mod+s" onSelect={onSave}>
          {t.save}
        </MenuItem>
        <MenuItem icon={<MessageSquareText size={14} />} disabled={publishing} onSelect={() => setNoting(true)}>
          {asksIn ? strings.releases.askTitle : strings.versions.publishWith}
        </MenuItem>
        <MenuItem icon={<History size={14} />} onSelect={() => setVersions(true)}>
          {strings.versions.menu}
        </MenuItem>
        <MenuItem icon={<Download size={14} />} onSelect={() => download(exported([currentDocument()]))}>
          {strings.organising.exportOne}
        </MenuItem>
        <MenuItem icon={<Settings2 size={14} />} onSelect={() => setSettings(true)}>
          {t.settings}
        </MenuItem>
        <MenuItem icon={<Keyboard size={14} />} shortcut="?" onSelect={onHelp}>
          {t.shortcuts}
        </MenuItem>
        <MenuItem icon={<Route size={14} />} disabled={tour.busy} onSelect={tour.start}>
          {strings.tour.menu}
        </MenuItem>
        {version !== null && (
          <>
            <MenuLine />
            <MenuItem icon={<Radio size={14} />} onSelect={() => showChecks(true)}>
              {strings.triggerChecks.menu}
            </MenuItem>
            <MenuItem icon={<CloudOff size={14} />} onSelect={() => void unpublish()} danger>
              {t.unpublish}
            </MenuItem>
          </>
        )}
      </Menu>
      {settings && <WorkflowSettingsDialog onClose={() => setSettings(false)} />}
      {checks && <TriggerChecks onClose={() => showChecks(false)} />}
      {noting && (
        <PublishDialog
          asksIn={asksIn}
          onPublish={(said) => void (asksIn ? ask : publish)(said)}
          onClose={() => setNoting(false)}
        />
      )}
      {versions && (
        <Suspense fallback={null}>
          <VersionsDialog onClose={() => setVersions(false)} />
        </Suspense>
      )}
    </header>
  );
}

function WorkflowName() {
  const name = useDocument().name;
  const [text, setText] = useState(name);
  useEffect(() => setText(name), [name]);
  const commit = () => {
    const next = text.trim();
    if (next === "" || next === name) setText(name);
    else edit((document) => setWorkflow(document, { name: next }));
  };
  return (
    <div className="flex min-w-0 items-center gap-2">
      <input
        aria-label={t.nameLabel}
        value={text}
        maxLength={200}
        size={Math.max(8, Math.min(34, text.length))}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === "Enter") leaveField(event.currentTarget);
          if (event.key === "Escape") setText(name);
        }}
        className="min-w-0 truncate rounded-sm bg-transparent px-1.5 py-0.5 font-semibold text-base text-ink [field-sizing:content] hover:bg-surface-3 focus:bg-surface-3"
      />
    </div>
  );
}

const SAVE_TONES: Record<string, string> = { retrying: "text-warn", refused: "text-bad", conflict: "text-bad" };

function SaveSign({ onSave }: { onSave(): void }) {
  const save = useEditor((state) => state.save);
  const error = useEditor((state) => state.saveError);
  const text = {
    saved: t.saved,
    dirty: t.unsaved,
    saving: t.saving,
    retrying: t.saveFailed,
    refused: t.saveRefused,
    conflict: t.conflictTitle,
  }[save];
  const detail = error ? inWords(error) : "";
  return (
    <button
      type="button"
      onClick={onSave}
      title={detail || t.save}
      className={cx(
        "hidden whitespace-nowrap rounded-sm px-1.5 text-xs hover:underline sm:block",
        SAVE_TONES[save] ?? "text-ink-3",
      )}
    >
      <span role="status">{text}</span>
    </button>
  );
}

function Problems() {
  const count = useEditor((state) => state.diagnostics.length);
  const errors = useEditor((state) => state.diagnostics.some((entry) => entry.severity === "error"));
  const tone = errors ? "text-bad" : count > 0 ? "text-warn" : "text-ok";
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button variant="quiet" className={cx("px-2", tone)} aria-label={`${t.problems}: ${t.issues(count)}`}>
          {count > 0 ? <CircleAlert size={16} /> : <CircleCheck size={16} />}
          {count > 0 && <span className="tabular">{count}</span>}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t.problems}
          className="z-40 w-96 max-w-[calc(100vw-16px)] animate-pop overflow-hidden rounded-xl border border-line bg-surface shadow-lg"
        >
          <ProblemsPanel />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
