/** What an expression of a node can refer to: names of nodes before it, and the fields their items have. */

import { createContext } from "react";
import type { Catalogue } from "../graph/catalogue";
import { findType } from "../graph/catalogue";
import { upstream } from "../graph/connect";
import type { WorkflowDocument } from "../graph/document";
import { findNode } from "../graph/document";

export interface ExpressionScope {
  /** Nodes before this one, nearest first. */
  nodes: { name: string; fields: string[] }[];
}

export const ScopeContext = createContext<ExpressionScope>({ nodes: [] });

export function scopeOf(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): ExpressionScope {
  return {
    nodes: upstream(document, nodeId).flatMap((id) => {
      const node = findNode(document, id);
      if (!node) return [];
      return [{ name: node.name, fields: fieldsOfNode(findType(catalogue, node.type, node.version)?.outputExample) }];
    }),
  };
}

function fieldsOfNode(example: Record<string, unknown>[] | undefined): string[] {
  return [...new Set((example ?? []).flatMap((item) => Object.keys(item)))];
}
