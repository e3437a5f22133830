import { LayoutTemplate, Route, Sparkles, Workflow as WorkflowIcon } from "lucide-react";
import { useCatalogue } from "../../api/queries";
import { useStartTour } from "../../editor/tour/useStartTour";
import { starterDocument } from "../../graph/create";
import { emptyDocument, type WorkflowDocument } from "../../graph/document";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { Empty } from "../../ui/States";

const t = strings.workflows;

/** What stands where there is no workflow at all: ways to the first. */
export function FirstWorkflow({ busy, create }: { busy: boolean; create(document: WorkflowDocument): void }) {
  const catalogue = useCatalogue();
  const tour = useStartTour();
  return (
    <Empty
      icon={<WorkflowIcon size={20} />}
      title={t.emptyTitle}
      actions={
        <>
          <Button variant="primary" icon={<Route size={15} />} disabled={busy} busy={tour.busy} onClick={tour.start}>
            {strings.tour.start}
          </Button>
          <Button
            icon={<Sparkles size={15} />}
            disabled={!catalogue.data}
            busy={busy}
            onClick={() => catalogue.data && create(starterDocument(catalogue.data, t.starterName))}
          >
            {t.starter}
          </Button>
          <ButtonLink to="/templates" icon={<LayoutTemplate size={15} />} label={strings.templates.startFrom} />
          <Button disabled={busy} onClick={() => create(emptyDocument(t.untitled))}>
            {t.blank}
          </Button>
        </>
      }
    >
      {t.emptyText}
    </Empty>
  );
}
