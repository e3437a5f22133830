import { LayoutTemplate, Search } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { useCatalogue } from "../../api/queries";
import { type TemplateFilter, type TemplateSummary, useTemplates } from "../../api/templates";
import type { Catalogue } from "../../graph/catalogue";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import { NodeIcon } from "../../ui/NodeIcon";
import { SearchInput } from "../../ui/SearchInput";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { Empty, Failed, Skeleton, StillWaiting } from "../../ui/States";
import { useSettled } from "../../ui/useSettled";
import { BackLink } from "../PageFrame";

const t = strings.templates;
const MOST_ICONS = 5;
const NOTHING = { search: "", use: "", app: "", source: "" as const };
const SOURCES = [
  { value: "", label: t.sources.all },
  { value: "ready", label: t.sources.ready },
  { value: "own", label: t.sources.own },
];

/** `/templates`: what there is to start from. */
export function TemplatesPage() {
  const [filter, change] = useTemplateFilter();
  const query = useTemplates({ ...filter, search: useSettled(filter.search.trim()) });
  const catalogue = useCatalogue().data;
  const found = query.data;
  const ownOnly = filter.source === "own" && filter.search === "" && filter.use === "" && filter.app === "";
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-9">
      <BackLink to="/workflows" label={t.back} />
      <h1 className="font-semibold text-xl tracking-tight">{t.title}</h1>
      <p className="mt-0.5 mb-5 max-w-xl text-ink-2 text-sm">{t.intro}</p>
      <search className="mb-4 flex flex-wrap items-center gap-2">
        <SearchInput
          label={t.search}
          value={filter.search}
          onChange={(search) => change({ ...filter, search })}
          className="sm:max-w-72"
        />
        <div className="flex w-full gap-2 sm:w-auto">
          <Select
            label={t.use}
            value={filter.use}
            onChange={(use) => change({ ...filter, use })}
            options={[
              { value: "", label: t.anyUse },
              ...(found?.uses ?? []).map(({ key, count }) => ({
                value: key,
                label: `${t.uses[key] ?? key} (${count})`,
              })),
            ]}
            className="sm:w-44"
          />
          <Select
            label={t.app}
            value={filter.app}
            onChange={(app) => change({ ...filter, app })}
            options={[
              { value: "", label: t.anyApp },
              ...(found?.apps ?? []).map(({ key, name, count }) => ({ value: key, label: `${name} (${count})` })),
            ]}
            className="sm:w-44"
          />
        </div>
        <Segmented
          label={t.source}
          value={filter.source ?? ""}
          onChange={(source) => change({ ...filter, source: sourceOf(source) })}
          options={SOURCES}
        />
        <p role="status" className="tabular ml-auto text-ink-3 text-xs">
          {found ? t.count(found.items.length) : ""}
        </p>
      </search>
      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {found?.items.length === 0 && ownOnly && (
        <Empty icon={<LayoutTemplate size={20} />} title={t.ownNone}>
          {t.ownNoneText}
        </Empty>
      )}
      {found?.items.length === 0 && !ownOnly && (
        <Empty
          icon={<Search size={20} />}
          title={t.none}
          actions={<Button onClick={() => change(NOTHING)}>{t.clear}</Button>}
        >
          {t.noneText}
        </Empty>
      )}
      {found && found.items.length > 0 && (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3" aria-busy={query.isPlaceholderData}>
          {found.items.map((template) => (
            <TemplateCard key={template.id} template={template} catalogue={catalogue} />
          ))}
        </ul>
      )}
    </div>
  );
}

function useTemplateFilter(): [TemplateFilter, (next: TemplateFilter) => void] {
  const [params, setParams] = useSearchParams();
  const filter = {
    search: params.get("search") ?? "",
    use: params.get("use") ?? "",
    app: params.get("app") ?? "",
    source: sourceOf(params.get("source")),
  };
  const change = (next: TemplateFilter) =>
    setParams(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== "")), { replace: true });
  return [filter, change];
}

const sourceOf = (text: string | null): "" | "ready" | "own" => (text === "ready" || text === "own" ? text : "");

interface TemplateCardProps {
  template: TemplateSummary;
  catalogue: Catalogue | undefined;
}

function TemplateCard({ template, catalogue }: TemplateCardProps) {
  return (
    <li className="relative flex flex-col rounded-xl border border-line bg-surface p-4 shadow-xs transition-colors focus-within:border-accent hover:border-line-strong hover:bg-surface-2">
      <Icons types={template.nodeTypes} catalogue={catalogue} />
      <h2 className="mt-3 font-medium text-sm">
        <Link to={`/templates/${template.id}`} className="wrap-anywhere after:absolute after:inset-0">
          {template.name}
        </Link>
      </h2>
      <p className="mt-1 mb-3 flex-1 text-ink-2 text-xs leading-relaxed">{template.summary}</p>
      <Uses uses={template.uses} />
    </li>
  );
}

export function Uses({ uses, className }: { uses: readonly string[]; className?: string }) {
  return (
    <div className={cx("flex flex-wrap gap-1", className)}>
      {uses.map((use) => (
        <span key={use} className="rounded-full bg-surface-3 px-2 text-2xs text-ink-2 leading-5">
          {t.uses[use] ?? use}
        </span>
      ))}
    </div>
  );
}

/** What a template is made of, by its icons; their names are for people who do not see them. */
export function Icons({ types, catalogue }: { types: readonly string[]; catalogue: Catalogue | undefined }) {
  const entries = types.flatMap((type) => catalogue?.nodes.find((entry) => entry.type === type) ?? []);
  const rest = types.length - MOST_ICONS;
  return (
    <div className="flex h-7 items-center gap-1">
      <span className="sr-only">{t.nodes(entries.map(({ name }) => name).join(", "))}</span>
      {entries.slice(0, MOST_ICONS).map((entry) => (
        <NodeIcon key={entry.type} icon={entry.icon} category={entry.category} size="sm" />
      ))}
      {rest > 0 && (
        <span aria-hidden className="tabular pl-0.5 text-2xs text-ink-3">
          +{rest}
        </span>
      )}
      {types.length === 0 && <LayoutTemplate size={18} className="text-ink-3" aria-hidden />}
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={strings.common.loading} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <StillWaiting className="col-span-full" />
      {["a", "b", "c", "d", "e", "f"].map((key) => (
        <Skeleton key={key} className="h-40 rounded-xl" />
      ))}
    </div>
  );
}
