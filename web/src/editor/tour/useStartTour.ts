import { useNavigate } from "react-router";
import { useCatalogue, useCreateWorkflow } from "../../api/queries";
import { starterDocument } from "../../graph/create";
import { strings } from "../../strings";
import { messageOf, sentences } from "../../ui/message";
import { toast } from "../../ui/toasts";

/** In the address of the editor: the tour is on. */
export const TOUR_PARAM = "tour";

/** Makes a small workflow and opens the editor on it with the tour. */
export function useStartTour(): { start(): void; busy: boolean } {
  const navigate = useNavigate();
  const catalogue = useCatalogue().data;
  const create = useCreateWorkflow();
  const start = () => {
    if (!catalogue) return;
    create.mutate(starterDocument(catalogue, strings.tour.workflowName), {
      onSuccess: (workflow) => void navigate(`/workflows/${workflow.id}?${TOUR_PARAM}=1`),
      onError: (error) => {
        const { title, detail } = messageOf(error);
        toast({ tone: "bad", title: strings.tour.startFailed, detail: sentences(title, detail) });
      },
    });
  };
  return { start, busy: create.isPending || !catalogue };
}
