import { ArrowUpCircle } from "lucide-react";
import type { WorkflowNode } from "../graph/document";
import { newerVersions, upgradeNode } from "../graph/upgrades";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Markdown } from "../ui/Markdown";
import { toast } from "../ui/toasts";
import { onCanvas } from "./canvasFocus";
import { edit, undo, useEditor } from "./store";

const t = strings.upgrades;

/** Offers the newest version of a node's type where the node has an older one, and says what is different. */
export function UpgradeBar({ node }: { node: WorkflowNode }) {
  const catalogue = useEditor((state) => state.catalogue);
  const newer = newerVersions(catalogue, node);
  const newest = newer.at(-1);
  if (!newest) return null;
  const upgrade = () => {
    edit((document) => upgradeNode(document, catalogue, node.id));
    toast({
      tone: "ok",
      title: t.done(node.name, newest.version),
      action: { label: strings.editor.undo, run: onCanvas(undo) },
    });
  };
  return (
    <aside
      aria-label={t.title(newest.version)}
      className="space-y-2 rounded-lg border border-accent-line bg-accent-soft p-3"
    >
      <div className="flex flex-wrap items-center gap-2">
        <ArrowUpCircle size={15} className="text-accent" aria-hidden />
        <span className="flex-1 font-medium text-sm">{t.title(newest.version)}</span>
        <Button size="sm" onClick={upgrade}>
          {t.action}
        </Button>
      </div>
      <Markdown text={newer.map(({ upgrade: step }) => step?.changes ?? "").join("\n\n")} />
    </aside>
  );
}
