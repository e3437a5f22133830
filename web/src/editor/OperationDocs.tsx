import { type ApiOperation, useApiOperation } from "../api/apis";
import { ApiError } from "../api/problem";
import type { Params } from "../graph/document";
import { strings } from "../strings";
import { Failed, LoadingRows } from "../ui/States";

const t = strings.apis;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** What the chosen operation of an API takes and answers, as its document says; nothing while none is chosen. */
export function OperationDocs({ params }: { params: Params }) {
  const [api, id] = [textOf(params.api), textOf(params.operation)];
  const query = useApiOperation(api, id);
  if (!api || !id) return null;
  if (query.isPending) return <LoadingRows />;
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <p className="rounded-lg bg-warn-soft p-3 text-sm text-warn">{t.operationGone}</p>;
  }
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <Operation of={query.data} />;
}

function Operation({ of }: { of: ApiOperation }) {
  const { label, words, method, path, deprecated, fields, body, answers } = of;
  return (
    <section aria-label={label} className="space-y-3 rounded-lg border border-line bg-surface-2 p-3 text-sm">
      <div>
        <h3 className="wrap-anywhere font-semibold">{label}</h3>
        <p className="wrap-anywhere font-mono text-ink-2 text-xs">{`${method} ${path}`}</p>
        {deprecated && <p className="text-warn text-xs">{t.deprecated}</p>}
      </div>
      {words && <p className="wrap-anywhere text-ink-2">{words}</p>}
      <div>
        <h4 className="mb-1 font-medium text-xs">{t.takes}</h4>
        {fields.length === 0 && !body && <p className="text-ink-2 text-xs">{t.takesNothing}</p>}
        {fields.length > 0 && (
          <dl className="divide-y divide-line text-xs">
            {fields.map(({ name, place, required, words: about }) => (
              <Entry key={`${place} ${name}`} name={name} note={t.places[place]} needed={required} words={about} />
            ))}
          </dl>
        )}
        {body && <p className="wrap-anywhere mt-1 text-ink-2 text-xs">{t.bodyAs(body.mediaType)}</p>}
      </div>
      <div>
        <h4 className="mb-1 font-medium text-xs">{t.answers}</h4>
        {answers.length === 0 && <p className="text-ink-2 text-xs">{t.answersUnknown}</p>}
        <dl className="divide-y divide-line text-xs">
          {answers.map(({ status, words: about, mediaType, gives }) => (
            <Entry
              key={status}
              name={status === "default" ? t.otherwise : status}
              note={mediaType}
              words={[about, gives].filter(Boolean).join(" ")}
            />
          ))}
        </dl>
      </div>
    </section>
  );
}

interface EntryProps {
  name: string;
  note: string;
  needed?: boolean;
  words: string;
}

function Entry({ name, note, needed = false, words }: EntryProps) {
  return (
    <div className="py-1.5">
      <dt className="flex flex-wrap items-baseline gap-x-2">
        <span className="wrap-anywhere font-mono font-medium">{name}</span>
        <span className="wrap-anywhere text-ink-3">{note}</span>
        {needed && <span className="ml-auto text-bad">{t.needed}</span>}
      </dt>
      {words && <dd className="wrap-anywhere text-ink-2">{words}</dd>}
    </div>
  );
}
