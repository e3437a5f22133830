/** What an expression of a node can refer to: names of nodes before it, and the fields their items have. */

import { createContext } from "react";
import type { Catalogue } from "../graph/catalogue";
import { findType } from "../graph/catalogue";
import { upstream } from "../graph/connect";
import type { WorkflowDocument } from "../graph/document";
import { findNode } from "../graph/document";

export interface ExpressionScope {
  /** Nodes before this one, nearest first. */
  nodes: {
    name: string;
    fields: string[];
    /** What a field was in the last run, for those who choose. */
    samples?: Record<string, string>;
  }[];
}

/** The time zone that a form's times are meant in. */
export const ZoneContext = createContext("UTC");

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

/** The scope with what the nearest node really gave: its fields, with a sample of each. */
export function withData(scope: ExpressionScope, items: readonly Record<string, unknown>[]): ExpressionScope {
  const [nearest, ...others] = scope.nodes;
  if (!nearest || items.length === 0) return scope;
  const samples: Record<string, string> = {};
  for (const item of items) {
    for (const [name, value] of Object.entries(item)) {
      samples[name] ??= (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 40);
    }
  }
  return { nodes: [{ ...nearest, fields: Object.keys(samples), samples }, ...others] };
}

function fieldsOfNode(example: Record<string, unknown>[] | undefined): string[] {
  return [...new Set((example ?? []).flatMap((item) => Object.keys(item)))];
}
