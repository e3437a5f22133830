/** What an expression of a node can refer to: names of nodes before it, and the fields their items have. */

import { createContext } from "react";
import type { Catalogue } from "../graph/catalogue";
import { findType } from "../graph/catalogue";
import { upstream } from "../graph/connect";
import { findNode, type Json, type WorkflowDocument } from "../graph/document";
import { type SchemaField, schemaOf } from "../graph/schema";

export interface ExpressionScope {
  /** Nodes before this one, nearest first, with the fields of their items. */
  nodes: { name: string; fields: readonly SchemaField[] }[];
  /** The workspace's variables, with what each is. */
  variables?: readonly { name: string; value: string }[];
  /** Finds out what a node gave in the last run; null where it gave nothing. */
  load?: (name: string) => Promise<readonly SchemaField[] | null>;
}

/** The time zone that a form's times are meant in. */
export const ZoneContext = createContext("UTC");

export const ScopeContext = createContext<ExpressionScope>({ nodes: [] });

export function scopeOf(document: WorkflowDocument, catalogue: Catalogue, nodeId: string): ExpressionScope {
  return {
    nodes: upstream(document, nodeId).flatMap((id) => {
      const node = findNode(document, id);
      if (!node) return [];
      const example = findType(catalogue, node.type, node.version)?.outputExample ?? [];
      return [{ name: node.name, fields: schemaOf(example as Record<string, Json>[]) }];
    }),
  };
}

/** The scope with what the nearest node really gave. */
export function withData(scope: ExpressionScope, items: readonly Record<string, Json>[]): ExpressionScope {
  const [nearest] = scope.nodes;
  return nearest && items.length > 0 ? withFields(scope, nearest.name, schemaOf(items)) : scope;
}

/** The scope with the fields of one of its nodes. */
export function withFields(scope: ExpressionScope, name: string, fields: readonly SchemaField[]): ExpressionScope {
  return { ...scope, nodes: scope.nodes.map((node) => (node.name === name ? { ...node, fields } : node)) };
}
