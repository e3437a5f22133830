import { useState } from "react";
import { ApiError } from "../../api/problem";
import { type CsvRequest, type Imported, type Table, useImport, useImportTrial } from "../../api/store";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { MOST_BYTES, mapped, textOf } from "./csv";

const t = strings.store.csv;
const SHOWN = 20;

interface CsvDialogProps {
  table: Table;
  onClose(): void;
}

/** Imports a CSV file: what would be done is shown before anything is. */
export function CsvDialog({ table, onClose }: CsvDialogProps) {
  const [wanted, setWanted] = useState<CsvRequest | null>(null);
  const [unread, setUnread] = useState("");
  const [last, setLast] = useState<Imported | undefined>(undefined);
  const trial = useImportTrial(table.id, wanted);
  const save = useImport(table.id);
  if (trial.data && trial.data !== last) setLast(trial.data);
  const failure = save.error ?? (trial.isError ? trial.error : null);
  const change = (what: Partial<CsvRequest>) => {
    save.reset();
    setWanted((before) => before && { ...before, ...what });
  };
  const open = async (file: File | undefined) => {
    if (!file) return;
    save.reset();
    setLast(undefined);
    setWanted(null);
    setUnread("");
    try {
      const text = textOf(await file.arrayBuffer());
      if (new TextEncoder().encode(text).length > MOST_BYTES) setUnread(t.tooLarge(MOST_BYTES / 1024 ** 2));
      else if (text.trim() === "") setUnread(t.nothing);
      else setWanted({ csv: text, delimiter: "auto", key: "", unescape: true, timeZone: zone(), dryRun: false });
    } catch {
      setUnread(t.unreadable);
    }
  };
  const run = async () => {
    if (!wanted) return;
    try {
      const done = await save.mutateAsync(wanted);
      toast({ tone: "ok", title: t.done(done.inserted, done.updated) });
      onClose();
    } catch {
      // It is shown below.
    }
  };
  const ready = trial.isSuccess && !trial.isPlaceholderData && !trial.isFetching;
  return (
    <Dialog
      open
      wide
      onOpenChange={(on) => !on && onClose()}
      title={t.title(table.name)}
      description={t.text}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" busy={save.isPending} disabled={!ready} onClick={() => void run()}>
            {ready && trial.data ? t.run(trial.data.rows) : t.import}
          </Button>
        </>
      }
    >
      <div className="space-y-3 pb-1">
        <Field label={t.file} error={unread} required>
          {(ids) => (
            <Input
              {...ids}
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
              className="h-auto py-1.5"
              onChange={(event) => void open(event.target.files?.[0])}
            />
          )}
        </Field>
        {wanted && (
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label={t.delimiter}>
              {(ids) => (
                <Select
                  {...ids}
                  value={wanted.delimiter ?? "auto"}
                  onChange={(next) => {
                    setLast(undefined);
                    change({ delimiter: next as NonNullable<CsvRequest["delimiter"]>, columns: null, key: "" });
                  }}
                  options={Object.entries(t.delimiters).map(([value, label]) => ({ value, label }))}
                />
              )}
            </Field>
            <Field label={t.key} help={t.keyHelp}>
              {(ids) => (
                <Select
                  {...ids}
                  value={wanted.key ?? ""}
                  onChange={(key) => change({ key })}
                  options={[
                    { value: "", label: t.noKey },
                    ...table.columns.map(({ name }) => ({ value: name, label: name })),
                  ]}
                />
              )}
            </Field>
          </div>
        )}
        {wanted && last && (
          <Headers
            table={table}
            found={last}
            onChange={(header, column) => change({ columns: mapped(last.headers, header, column) })}
          />
        )}
        <div aria-live="polite" className="min-h-5 text-sm">
          {failure && <Wrong error={failure} />}
          {!failure && trial.isFetching && <p className="text-ink-3">{t.looking}</p>}
          {!failure && ready && trial.data && <p>{t.would(trial.data.inserted, trial.data.updated)}</p>}
        </div>
      </div>
    </Dialog>
  );
}

interface HeadersProps {
  table: Table;
  found: Imported;
  onChange(header: string, column: string | null): void;
}

/** Which column each header is for, with the first values below it. */
function Headers({ table, found, onChange }: HeadersProps) {
  const options = [
    { value: "", label: t.leaveOut },
    ...table.columns.map(({ name }) => ({ value: name, label: name })),
  ];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-xs">{t.headers}</legend>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-lg border border-line">
        {found.headers.map(({ header, column }, index) => (
          <li key={header} className="grid grid-cols-2 items-center gap-3 px-3 py-1.5">
            <div className="min-w-0">
              <p className="truncate font-medium text-sm">{header}</p>
              <p className="truncate text-ink-3 text-xs">
                {found.sample
                  .map((cells) => cells[index])
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
            <Select
              label={t.columnOf(header)}
              value={column ?? ""}
              onChange={(next) => onChange(header, next || null)}
              options={options}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** What is wrong, line by line where the API says so. */
function Wrong({ error }: { error: unknown }) {
  const lines = error instanceof ApiError ? error.fields.filter(({ field }) => field.startsWith("line ")) : [];
  if (lines.length === 0) {
    const { title, detail } = messageOf(error);
    return <p className="text-bad">{error instanceof ApiError ? error.detail || title : detail || title}</p>;
  }
  return (
    <div role="alert" className="text-bad">
      <p>{error instanceof ApiError ? error.detail : ""}</p>
      <ul className="mt-1 max-h-40 list-disc space-y-0.5 overflow-y-auto pl-5 text-xs">
        {lines.slice(0, SHOWN).map(({ field, message }) => (
          <li key={`${field} ${message}`}>{`${t.line(field.slice("line ".length))} ${message}`}</li>
        ))}
        {lines.length > SHOWN && <li>{t.moreLines(lines.length - SHOWN)}</li>}
      </ul>
    </div>
  );
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
