import { Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useCatalogue } from "../../api/queries";
import { type Template, useDeleteTemplate, useTemplate } from "../../api/templates";
import { VersionCanvas } from "../../editor/versions/VersionCanvas";
import type { Catalogue } from "../../graph/catalogue";
import { diff } from "../../graph/diff";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Failed, LoadingRows } from "../../ui/States";
import { BackLink } from "../PageFrame";
import { SetUp } from "./SetUp";
import { Uses } from "./TemplatesPage";

const t = strings.templates;

/** `/templates/:id`: what a template looks like, and the few things that it asks for. */
export function TemplatePage() {
  const { id = "" } = useParams();
  const query = useTemplate(id);
  const catalogue = useCatalogue();
  const error = query.error ?? catalogue.error;
  const again = () => void Promise.all([query.refetch(), catalogue.refetch()]);
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8 sm:py-9">
      <BackLink to="/templates" label={t.title} />
      {error ? (
        <Failed error={error} onRetry={again} />
      ) : query.data && catalogue.data ? (
        <Shown key={id} template={query.data} catalogue={catalogue.data} />
      ) : (
        <LoadingRows />
      )}
    </div>
  );
}

function Shown({ template, catalogue }: { template: Template; catalogue: Catalogue }) {
  const document = template.workflow;
  const same = useMemo(() => diff(document, document), [document]);
  return (
    <>
      <h1 className="wrap-anywhere font-semibold text-xl tracking-tight">{template.name}</h1>
      <p className="mt-0.5 max-w-2xl text-ink-2 text-sm">{template.summary}</p>
      <div className="mt-2 mb-5 flex flex-wrap items-center gap-3">
        <Uses uses={template.uses} />
        {template.own && <Own template={template} />}
      </div>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section
          aria-label={t.preview}
          className="relative h-72 overflow-hidden rounded-xl border border-line bg-surface shadow-xs sm:h-96 lg:sticky lg:top-6 lg:h-[min(36rem,calc(100vh-14rem))]"
        >
          <VersionCanvas before={document} after={document} diff={same} catalogue={catalogue} />
        </section>
        <section
          aria-labelledby="set-up"
          className="overflow-hidden rounded-xl border border-line bg-surface shadow-xs"
        >
          <h2 id="set-up" className="border-line border-b px-4 py-2.5 font-medium text-sm">
            {t.setUp}
          </h2>
          <SetUp template={template} document={document} catalogue={catalogue} />
        </section>
      </div>
    </>
  );
}

/** What there is to do with a template of the workspace's own. */
function Own({ template }: { template: Template }) {
  const navigate = useNavigate();
  const remove = useDeleteTemplate();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <span className="tabular text-ink-3 text-xs">{t.version(template.version)}</span>
      <Button size="sm" variant="danger" icon={<Trash2 size={13} />} onClick={() => setAsks(true)}>
        {t.delete}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t.deleteTitle(template.name)}
          text={t.deleteText}
          action={t.delete}
          failed={t.notDeleted}
          onConfirm={async () => {
            await remove.mutateAsync(template.id);
            void navigate("/templates?source=own");
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}
