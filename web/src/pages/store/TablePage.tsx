import {
  ChevronLeft,
  ChevronRight,
  Download,
  EllipsisVertical,
  FolderInput,
  Pencil,
  Plus,
  Table2,
  Trash2,
  Upload,
} from "lucide-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useProjects } from "../../api/projects";
import {
  ROWS_A_PAGE,
  type Table,
  tableAsCsv,
  useAddColumn,
  useChangeRow,
  useDeleteRows,
  useDeleteTable,
  useInsertRows,
  useMoveTable,
  useRenameTable,
  useRows,
  useTable,
} from "../../api/store";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Menu, MenuItem } from "../../ui/Menu";
import { Empty, Failed, LoadingRows } from "../../ui/States";
import { sayFailed } from "../../ui/toasts";
import { MoveDialog } from "../MoveDialog";
import { PageFrame } from "../PageFrame";
import { download, fileStem } from "../workflows/files";
import type { Order } from "./ColumnHead";
import { CsvDialog } from "./CsvDialog";
import { Grid } from "./Grid";
import { NameDialog } from "./NameDialog";
import { type Condition, RowFilter } from "./RowFilter";

const t = strings.store;

/** `/data/tables/:id`: a table's rows as a grid. */
export function TablePage() {
  const { id = "" } = useParams();
  const query = useTable(id);
  if (query.data) return <OfTable key={id} table={query.data} />;
  return (
    <PageFrame title={t.title} back={{ to: "/data", label: t.back }}>
      {query.isPending && <LoadingRows />}
      {query.isError && (
        <Failed error={query.error} onRetry={() => void query.refetch()} out={{ to: "/data", label: t.back }} />
      )}
    </PageFrame>
  );
}

function OfTable({ table }: { table: Table }) {
  const [skip, setSkip] = useState(0);
  const [order, setOrder] = useState<Order | null>(null);
  const [condition, setCondition] = useState<Condition | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState<"rename" | "move" | "delete" | "column" | "rows" | "csv" | null>(null);
  const navigate = useNavigate();
  const query = useRows(table.id, {
    conditions: condition ? [condition] : [],
    match: "all",
    sort: order ? [order] : [],
    limit: ROWS_A_PAGE,
    skip,
  });
  const projects = useProjects().data ?? [];
  const whose = projects.length > 1 && projects.find((one) => one.id === table.projectId)?.name;
  const move = useMoveTable();
  const [insert, change, remove] = [useInsertRows(table.id), useChangeRow(table.id), useDeleteRows(table.id)];
  const [addColumn, rename, removeTable] = [useAddColumn(table.id), useRenameTable(), useDeleteTable()];
  const { items: rows = [], total = 0 } = query.data ?? {};
  const again = (next: () => void) => {
    setSkip(0);
    setSelected(new Set());
    next();
  };
  const addRow = async () => {
    try {
      await insert.mutateAsync([{}]);
      again(() => {
        setOrder(null);
        setCondition(null);
      });
      // A new row is the last one in the order of the numbers.
      setSkip(Math.floor(table.rows / ROWS_A_PAGE) * ROWS_A_PAGE);
    } catch (error) {
      sayFailed(t.notSaved, error);
    }
  };
  const exportCsv = async () => {
    try {
      const text = (await tableAsCsv(table.id)).join("");
      download({ name: `${fileStem(table.name, "table")}.csv`, text, type: "text/csv;charset=utf-8" });
    } catch (error) {
      sayFailed(t.exportFailed, error);
    }
  };
  const addRowButton = (
    <Button variant="primary" icon={<Plus size={15} />} busy={insert.isPending} onClick={() => void addRow()}>
      {t.addRow}
    </Button>
  );
  const addColumnButton = (
    <Button icon={<Plus size={15} />} onClick={() => setAsked("column")}>
      {t.addColumn}
    </Button>
  );
  return (
    <PageFrame
      title={table.name}
      back={{ to: "/data", label: t.back }}
      intro={[whose, t.rows(table.rows), t.gridHelp].filter(Boolean).join(" · ")}
      aside={
        <Menu
          trigger={
            <IconButton label={t.tableMenu(table.name)}>
              <EllipsisVertical size={16} />
            </IconButton>
          }
        >
          <MenuItem icon={<Pencil size={14} />} onSelect={() => setAsked("rename")}>
            {t.renameTable}
          </MenuItem>
          {projects.length > 1 && (
            <MenuItem icon={<FolderInput size={14} />} onSelect={() => setAsked("move")}>
              {strings.projects.move}
            </MenuItem>
          )}
          {table.columns.length > 0 && (
            <MenuItem icon={<Upload size={14} />} onSelect={() => setAsked("csv")}>
              {t.importCsv}
            </MenuItem>
          )}
          <MenuItem icon={<Download size={14} />} onSelect={() => void exportCsv()}>
            {t.exportCsv}
          </MenuItem>
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => setAsked("delete")}>
            {t.deleteTable}
          </MenuItem>
        </Menu>
      }
      tools={
        <>
          {table.columns.length > 0 && addRowButton}
          {addColumnButton}
          {selected.size > 0 && (
            <Button variant="danger" icon={<Trash2 size={14} />} onClick={() => setAsked("rows")}>
              {t.deleteRows(selected.size)}
            </Button>
          )}
          <RowFilter
            key={table.columns.length}
            columns={table.columns}
            condition={condition}
            onChange={(next) => again(() => setCondition(next))}
          />
        </>
      }
    >
      {query.isPending && <LoadingRows />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {table.columns.length === 0 && (
        <Empty icon={<Table2 size={20} />} title={t.noColumns} actions={addColumnButton} />
      )}
      {query.data && table.columns.length > 0 && (
        <Grid
          table={table}
          rows={rows}
          selected={selected}
          order={order}
          onSelect={setSelected}
          onOrder={(next) => again(() => setOrder(next))}
          onChange={(row, column, value) => change.mutateAsync({ row, values: { [column]: value } })}
        />
      )}
      {query.data && rows.length === 0 && table.columns.length > 0 && (
        <p className="px-4 py-8 text-center text-ink-2 text-sm">{condition ? t.noMatch : t.noRowsText}</p>
      )}
      {total > 0 && (
        <div className="flex items-center justify-end gap-1 border-line border-t px-3 py-1.5 text-ink-2 text-xs">
          <span className="tabular-nums" aria-live="polite">
            {t.range(skip + 1, skip + rows.length, total)}
          </span>
          <IconButton label={t.previous} disabled={skip === 0} onClick={() => setSkip(Math.max(0, skip - ROWS_A_PAGE))}>
            <ChevronLeft size={15} />
          </IconButton>
          <IconButton label={t.next} disabled={skip + rows.length >= total} onClick={() => setSkip(skip + rows.length)}>
            <ChevronRight size={15} />
          </IconButton>
        </div>
      )}
      {asked === "column" && (
        <NameDialog
          title={t.addColumn}
          label={t.columnName}
          action={t.create}
          typed
          onSave={(name, type) => addColumn.mutateAsync({ name, type })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "csv" && <CsvDialog table={table} onClose={() => setAsked(null)} />}
      {asked === "rename" && (
        <NameDialog
          title={t.renameTable}
          text={t.renameTableText}
          label={t.tableName}
          action={t.save}
          name={table.name}
          onSave={(name) => rename.mutateAsync({ id: table.id, name })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "move" && (
        <MoveDialog
          name={table.name}
          text={strings.projects.moveDataText}
          from={table.projectId}
          permission="store.write"
          onMove={(projectId) => move.mutateAsync({ id: table.id, projectId })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={t.deleteTableTitle(table.name)}
          text={t.deleteTableText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={async () => {
            await removeTable.mutateAsync(table.id);
            await navigate("/data");
          }}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "rows" && (
        <ConfirmDialog
          title={t.deleteRowsTitle(selected.size)}
          text={t.deleteRowsText}
          action={strings.common.delete}
          failed={t.notDeleted}
          onConfirm={() => remove.mutateAsync([...selected]).then(() => again(() => undefined))}
          onClose={() => setAsked(null)}
        />
      )}
    </PageFrame>
  );
}
