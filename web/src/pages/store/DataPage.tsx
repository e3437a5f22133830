import { KeySquare, MessagesSquare, Plus, Table2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useProjects } from "../../api/projects";
import { useCreateTable, useStores, useTables } from "../../api/store";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { KeyDialog } from "./KeyDialog";
import { NameDialog } from "./NameDialog";

const t = strings.store;

/** `/data`: the tables and the stores of the projects that one is in. */
export function DataPage() {
  const [tables, stores] = [useTables(), useStores()];
  const projects = useProjects().data ?? [];
  // Where there is one project only, nobody need know of it.
  const several = projects.length > 1;
  const of = (id: string, detail: string) => {
    const name = several && projects.find((one) => one.id === id)?.name;
    return name ? `${name} · ${detail}` : detail;
  };
  const create = useCreateTable();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"table" | "key" | null>(null);
  const newTable = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAsked("table")}>
      {t.newTable}
    </Button>
  );
  const setKey = (
    <Button icon={<Plus size={15} />} onClick={() => setAsked("key")}>
      {t.setKey}
    </Button>
  );
  const failed = [tables, stores].find((query) => query.isError);
  return (
    <PageFrame title={t.title} intro={t.intro}>
      {failed ? (
        <Failed error={failed.error} onRetry={() => void Promise.all([tables.refetch(), stores.refetch()])} />
      ) : (
        <>
          <Section title={t.tables} aside={tables.data?.length ? newTable : undefined}>
            {tables.isPending && <LoadingRows rows={2} />}
            {tables.data?.length === 0 && (
              <Empty icon={<Table2 size={20} />} title={t.noTables} actions={newTable}>
                {t.noTablesText}
              </Empty>
            )}
            <ul className="divide-y divide-line">
              {tables.data?.map((table) => (
                <Line
                  key={table.id}
                  to={`/data/tables/${table.id}`}
                  icon={<Table2 size={16} />}
                  name={table.name}
                  detail={of(table.projectId, `${t.rows(table.rows)} · ${t.columns(table.columns.length)}`)}
                />
              ))}
            </ul>
          </Section>
          <Section title={t.stores} aside={stores.data?.length ? setKey : undefined}>
            {stores.isPending && <LoadingRows rows={2} />}
            {stores.data?.length === 0 && (
              <Empty icon={<KeySquare size={20} />} title={t.noStores} actions={setKey}>
                {t.noStoresText}
              </Empty>
            )}
            <ul className="divide-y divide-line">
              {stores.data?.map((store) => (
                <Line
                  key={`${store.projectId} ${store.name}`}
                  to={`/data/keys/${encodeURIComponent(store.name)}${several ? `?project=${store.projectId}` : ""}`}
                  icon={<KeySquare size={16} />}
                  name={store.name}
                  detail={of(store.projectId, t.keys(store.keys))}
                />
              ))}
            </ul>
          </Section>
          <Section title={strings.memory.section}>
            <ul>
              <Line to="/data/memory" icon={<MessagesSquare size={16} />} name={strings.memory.sectionLine} detail="" />
            </ul>
          </Section>
        </>
      )}
      {asked === "table" && (
        <NameDialog
          title={t.newTable}
          label={t.tableName}
          action={t.create}
          placed
          onSave={async (name, _, projectId) => {
            const made = await create.mutateAsync({ name, columns: [], ...(projectId ? { projectId } : {}) });
            await navigate(`/data/tables/${made.id}`);
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "key" && <KeyDialog onClose={() => setAsked(null)} />}
    </PageFrame>
  );
}

function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-b last:border-0">
      <div className="flex min-h-12 items-center gap-2 bg-surface-2 px-4 py-2">
        <h2 className="flex-1 font-semibold text-sm">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Line({ to, icon, name, detail }: { to: string; icon: ReactNode; name: string; detail: string }) {
  return (
    <li>
      <Link to={to} className="flex items-center gap-3 px-4 py-3 hover:bg-surface-2">
        <span
          aria-hidden
          className="flex size-8 shrink-0 items-center justify-center rounded-lg bg-surface-3 text-ink-2"
        >
          {icon}
        </span>
        <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
        <span className="shrink-0 text-ink-3 text-xs">{detail}</span>
      </Link>
    </li>
  );
}
