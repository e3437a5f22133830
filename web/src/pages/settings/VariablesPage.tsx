import { Pencil, Plus, Trash2, Variable as VariableIcon } from "lucide-react";
import { Fragment, useState } from "react";
import { useMe } from "../../api/account";
import { useEnvironments } from "../../api/environments";
import { useDeleteVariable, useVariables, type Variable } from "../../api/variables";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { PageFrame } from "../PageFrame";
import { VariableDialog } from "./VariableDialog";
import { shown } from "./variableValues";

const t = strings.variables;
const COLUMNS = "sm:grid sm:grid-cols-[minmax(0,2fr)_7rem_minmax(0,3fr)_4.5rem] sm:items-center sm:gap-3";

/** `/settings/variables`: what workflows read as `$vars`. */
export function VariablesPage() {
  const query = useVariables();
  const me = useMe();
  const mayChange = me.data?.permissions.includes("variables.write") ?? false;
  const [edits, setEdits] = useState<Variable | "new">();
  const [deletes, setDeletes] = useState<Variable>();
  const remove = useDeleteVariable();
  return (
    <>
      <PageFrame
        title={t.title}
        back={{ to: "/settings", label: t.back }}
        intro={t.intro}
        aside={
          mayChange && (
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => setEdits("new")}>
              {t.add}
            </Button>
          )
        }
        tools={me.isSuccess && !mayChange && <span className="text-ink-3 text-xs">{t.only}</span>}
      >
        {query.isPending && <LoadingRows />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.items.length === 0 && (
          <Empty icon={<VariableIcon size={20} />} title={t.none}>
            {t.noneText}
          </Empty>
        )}
        {query.data && query.data.items.length > 0 && (
          <>
            <div
              aria-hidden
              className={`hidden border-line border-b bg-surface-2 px-4 py-2 text-ink-3 text-xs ${COLUMNS}`}
            >
              <span>{t.name}</span>
              <span>{t.kind}</span>
              <span>{t.value}</span>
            </div>
            <ul className="divide-y divide-line">
              {query.data.items.map((one) => (
                <Row
                  key={one.id}
                  variable={one}
                  onEdit={mayChange ? () => setEdits(one) : undefined}
                  onDelete={mayChange ? () => setDeletes(one) : undefined}
                />
              ))}
            </ul>
          </>
        )}
      </PageFrame>
      {edits && (
        <VariableDialog {...(edits === "new" ? {} : { variable: edits })} onClose={() => setEdits(undefined)} />
      )}
      {deletes && (
        <ConfirmDialog
          title={t.deleteTitle(deletes.name)}
          text={t.deleteText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync(deletes.id)}
          onClose={() => setDeletes(undefined)}
        />
      )}
    </>
  );
}

interface RowProps {
  variable: Variable;
  onEdit: (() => void) | undefined;
  onDelete: (() => void) | undefined;
}

function Row({ variable, onEdit, onDelete }: RowProps) {
  const readers = variable.workflows;
  return (
    <li className={`relative px-4 py-2.5 ${COLUMNS}`}>
      <div className="min-w-0 pr-20 sm:pr-0">
        <div className="wrap-anywhere font-medium font-mono text-sm">{variable.name}</div>
        {(variable.description || readers.length > 0) && (
          <div className="wrap-anywhere text-ink-3 text-xs">
            {variable.description}
            {variable.description && readers.length > 0 && " · "}
            {readers.length > 0 && <span title={readers.join("\n")}>{t.readBy(readers.length)}</span>}
          </div>
        )}
      </div>
      <span className="mt-1 mr-3 inline-block text-ink-2 text-xs sm:mt-0">{t.kinds[variable.kind]}</span>
      <Values variable={variable} />
      <div className="absolute top-2 right-3 flex justify-end gap-1 sm:static">
        {onEdit && (
          <IconButton label={t.change(variable.name)} onClick={onEdit}>
            <Pencil size={14} aria-hidden />
          </IconButton>
        )}
        {onDelete && (
          <IconButton label={t.delete(variable.name)} onClick={onDelete}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        )}
      </div>
    </li>
  );
}

/** What a variable is, in each environment that it has a value in, each cut to two lines. */
function Values({ variable }: { variable: Variable }) {
  const places = useEnvironments().data ?? [];
  const own = places.filter(({ key }) => variable.values[key] !== undefined);
  if (places.length < 2) return <Value text={shown(variable.values.production)} />;
  return (
    <dl className="grid min-w-0 grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-0.5 text-xs">
      {own.map(({ key, name }) => (
        <Fragment key={key}>
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0">
            <Value text={shown(variable.values[key])} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Value({ text }: { text: string }) {
  return <span className="wrap-anywhere line-clamp-2 min-w-0 font-mono text-ink text-xs">{text}</span>;
}
