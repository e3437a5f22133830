import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { useCatalogue, useWorkflow } from "../api/queries";
import type { Workflow } from "../api/types";
import type { Catalogue } from "../graph/catalogue";
import { strings } from "../strings";
import { Failed, LoadingPage } from "../ui/States";
import { EditorScreen } from "./EditorScreen";
import { openWorkflow, useEditor } from "./store";

/** `/workflows/:id` */
export function EditorPage() {
  const { id = "" } = useParams();
  const workflow = useWorkflow(id);
  const catalogue = useCatalogue();
  const failed = workflow.error ?? catalogue.error;
  if (failed) {
    const retry = () => {
      if (workflow.isError) void workflow.refetch();
      if (catalogue.isError) void catalogue.refetch();
    };
    const out = { to: "/workflows", label: strings.nav.workflows };
    return (
      <main>
        <Failed error={failed} onRetry={retry} out={out} />
      </main>
    );
  }
  if (!workflow.data || !catalogue.data) return <LoadingPage />;
  return <Opened key={id} workflow={workflow.data} catalogue={catalogue.data} />;
}

function Opened({ workflow: loaded, catalogue }: { workflow: Workflow; catalogue: Catalogue }) {
  // The first answer is what the editor starts from; the store has the document from then on.
  const [workflow] = useState(loaded);
  const ready = useEditor((state) => state.workflowId === workflow.id);
  useEffect(() => {
    openWorkflow(workflow, catalogue);
    return () => useEditor.setState({ workflowId: "" });
  }, [workflow, catalogue]);
  if (!ready) return <LoadingPage />;
  return (
    <ReactFlowProvider>
      <EditorScreen workflow={workflow} />
    </ReactFlowProvider>
  );
}
