import { useEffect } from "react";
import { validateWorkflow } from "../api/endpoints";
import { checkDocument } from "../graph/validate";
import { strings } from "../strings";
import { lastChecked, showChecked } from "./findings";
import { useDocument, useEditor } from "./store";

const DELAY_MS = 600;

/** Keeps the diagnostics up to date: at once from the catalogue's schemas, a moment later from the server. */
export function useChecking(): void {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  useEffect(() => {
    const abort = new AbortController();
    const local = () => checkDocument(document, catalogue, strings.findingMessage);
    // What the schemas cannot see stays as the server said it last, until it says otherwise.
    const ids = new Set(document.nodes.map((node) => node.id));
    const structural = lastChecked().filter(
      (entry) => !entry.field?.startsWith("params.") && (!entry.nodeId || ids.has(entry.nodeId)),
    );
    showChecked([...local(), ...structural], true);
    const timer = setTimeout(() => {
      validateWorkflow(document, abort.signal).then(
        ({ diagnostics }) => showChecked(diagnostics, false),
        () => {
          if (!abort.signal.aborted) useEditor.setState({ checking: false });
        },
      );
    }, DELAY_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [document, catalogue]);
}
