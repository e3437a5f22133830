import { useMemo } from "react";
import { useEnvironments, useLive } from "../api/environments";
import { useVersion } from "../api/versions";
import { type Unpublished, unpublished } from "../graph/unpublished";
import { strings } from "../strings";
import { cx } from "../ui/cx";
import { useDocument, useEditor } from "./store";

const t = strings.versions;

/** `never`: nothing is published. `unknown`: the live version is not loaded, or could not be. */
export type PublishState = { kind: "never" } | { kind: "unknown" } | ({ kind: "known" } & Unpublished);

/** How the draft on screen stands to the version that is live; compared with that version's own document. */
export function usePublishState(): PublishState {
  const id = useEditor((state) => state.workflowId);
  const number = useEditor((state) => state.publishedVersion);
  const draft = useDocument();
  const live = useVersion(id, number).data?.document;
  return useMemo(() => {
    if (number === null) return { kind: "never" };
    return live ? { kind: "known", ...unpublished(live, draft) } : { kind: "unknown" };
  }, [number, live, draft]);
}

/** Whether publishing would change nothing that runs. */
export const isLive = (state: PublishState): boolean => state.kind === "known" && state.changes === 0;

/** Whether publishing would change nothing at all. */
export const isSame = (state: PublishState): boolean => isLive(state) && state.kind === "known" && !state.onlyLooks;

const PILL = "shrink-0 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-2xs";

/** Says beside the name which version is live, and how far the draft is from it. */
export function PublishSign({ state }: { state: PublishState }) {
  const version = useEditor(({ publishedVersion }) => publishedVersion);
  const enabled = useEditor((editor) => editor.enabled);
  const id = useEditor((editor) => editor.workflowId);
  const environments = useEnvironments();
  const several = (environments.data?.length ?? 0) > 1;
  const asked = useLive(id, version === null && several);
  // Nothing is said before it is known: "Never published" would be wrong for what is live elsewhere.
  if (version === null && (environments.isPending || asked.isLoading)) return null;
  const places = asked.data?.filter((place) => place.version !== null) ?? [];
  if (version === null && places.length > 0) {
    const on = places.filter((place) => place.enabled);
    const names = (on.length > 0 ? on : places).map(({ name }) => name);
    return (
      <span
        title={t.elsewhereText}
        className={cx(PILL, "hidden sm:block", on.length > 0 ? "bg-ok-soft text-ok" : "bg-warn-soft text-warn")}
      >
        {on.length > 0 ? strings.workflows.liveIn(names) : strings.workflows.offIn(names)}
      </span>
    );
  }
  if (version === null) {
    return (
      <span title={t.neverText} className={cx(PILL, "hidden bg-surface-3 text-ink-2 sm:block")}>
        {t.never}
      </span>
    );
  }
  const changes = state.kind === "known" ? state.changes : 0;
  const same = state.kind === "known" && state.onlyLooks ? t.onlyLooks(version) : t.isLive(version);
  return (
    <>
      {enabled ? (
        <span
          title={changes > 0 ? t.notLiveText(version) : state.kind === "known" ? same : undefined}
          className={cx(PILL, "hidden bg-ok-soft text-ok sm:block")}
        >
          {strings.workflows.published(version)}
        </span>
      ) : (
        <span title={strings.organising.offText} className={cx(PILL, "hidden bg-warn-soft text-warn sm:block")}>
          {strings.organising.off}
        </span>
      )}
      <span role="status" className={changes > 0 ? "contents" : "sr-only"}>
        {changes > 0 && (
          <span title={t.notLiveText(version)} className={cx(PILL, "bg-warn-soft text-warn")}>
            <span className="sm:hidden" aria-hidden>
              {changes}
            </span>
            <span className="max-sm:sr-only">{t.notLive(changes)}</span>
          </span>
        )}
      </span>
    </>
  );
}
