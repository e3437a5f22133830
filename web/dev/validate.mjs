// Just enough checking to see diagnostics on the canvas.
import { catalogue } from "./state.mjs";

export function validate(document) {
  const fed = new Set(document.edges.map((edge) => edge.target));
  return document.nodes.flatMap((node) => {
    const entry = catalogue.nodes.find((candidate) => candidate.type === node.type);
    const missing = (entry?.paramsSchema.required ?? []).filter((name) => !node.params[name]);
    const found = missing.map((name) => ({
      code: "param_missing",
      severity: "error",
      message: `${entry.paramsSchema.properties[name].title} is missing.`,
      remedy: "Fill it in.",
      nodeId: node.id,
      field: `params.${name}`,
    }));
    if (entry && !entry.trigger && !fed.has(node.id)) {
      found.push({
        code: "node_unreachable",
        severity: "warning",
        message: `${node.name} is not connected, so it never runs.`,
        remedy: "Connect it, or delete it.",
        nodeId: node.id,
      });
    }
    return found;
  });
}
