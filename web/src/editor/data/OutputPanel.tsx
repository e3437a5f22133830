import { Play } from "lucide-react";
import { useContext } from "react";
import type { NodeType } from "../../graph/catalogue";
import type { WorkflowNode } from "../../graph/document";
import { useRun } from "../../run/context";
import { NodeData } from "../../run/NodeData";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { PinBar } from "../PinBar";
import { canRunPart } from "../parts";
import { useDocument, useEditor } from "../store";
import { RunningContext } from "../useRunning";

const t = strings.data;

/** What a node gave in the run on screen, what is pinned to it, and the way to run it. */
export function OutputPanel({ node, entry }: { node: WorkflowNode; entry: NodeType | undefined }) {
  const shown = useRun(({ run }) => run.executionId) !== null;
  return (
    <>
      <PinBar key={`pin ${node.id}`} node={node} />
      {shown ? <NodeData key={node.id} node={node} entry={entry} /> : <NoRun node={node} />}
    </>
  );
}

function NoRun({ node }: { node: WorkflowNode }) {
  const running = useContext(RunningContext);
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  if (!running || !canRunPart(document, catalogue, node.id)) return null;
  return (
    <div className="flex flex-col items-center gap-3 p-6 text-center">
      <p className="text-ink-3 text-sm">{t.noOutputText}</p>
      <Button
        size="sm"
        icon={<Play size={13} />}
        busy={running.starting}
        onClick={() => void running.runPart("only", node.id)}
      >
        {strings.parts.runNode}
      </Button>
    </div>
  );
}
