import { useMemo } from "react";
import type { Template, TemplateParameter } from "../../api/templates";
import { FieldRow } from "../../fields/FieldRow";
import { NodeFormContext } from "../../fields/options/nodeForm";
import { ScopeContext, scopeOf } from "../../fields/scope";
import { type Catalogue, findType } from "../../graph/catalogue";
import { findNode, type Json, type Params, type WorkflowDocument } from "../../graph/document";
import { type Field, fieldsOf } from "../../graph/visible";
import { strings } from "../../strings";
import { answerOf, type Said } from "./said";

interface QuestionFieldProps {
  question: TemplateParameter;
  template: Template;
  document: WorkflowDocument;
  catalogue: Catalogue;
  said: Said;
  error: string | undefined;
  onChange(value: Json): void;
}

/** A parameter that a template asks for: the field of its node's form, under the template's words. */
export function QuestionField({ question, template, document, catalogue, said, error, onChange }: QuestionFieldProps) {
  const node = findNode(document, question.nodeId);
  const entry = node && findType(catalogue, node.type, node.version);
  const own = entry && fieldsOf(entry.paramsSchema).find(({ name }) => name === question.field);
  const params = useMemo(
    () => filled(node?.params ?? {}, question.nodeId, template, said),
    [node, question, template, said],
  );
  const scope = useMemo(() => scopeOf(document, catalogue, question.nodeId), [document, catalogue, question.nodeId]);
  const form = useMemo(
    () => (node && entry ? { type: node.type, version: node.version, schema: entry.paramsSchema, params } : null),
    [node, entry, params],
  );
  if (!own) return null;
  const path = `params.${question.field}`;
  const finding = { code: "template", severity: "error" as const, message: error ?? "", remedy: "" };
  return (
    <div data-wrong={error !== undefined}>
      <ScopeContext value={scope}>
        <NodeFormContext value={form}>
          <FieldRow
            field={asked(own, question)}
            value={answerOf(question, said) as Json}
            path={path}
            diagnostics={new Map(error ? [[path, [finding]]] : [])}
            onChange={onChange}
          />
        </NodeFormContext>
      </ScopeContext>
    </div>
  );
}

/** The field as the template asks for it. */
function asked(field: Field, { label, example, value }: TemplateParameter): Field {
  const placeholder = example && typeof value === "string" ? { placeholder: strings.templates.example(value) } : {};
  return { ...field, title: label, required: example, ui: { ...field.ui, ...placeholder } };
}

/** The node's parameters as they will be: choices are asked for with the account that was chosen. */
function filled(params: Readonly<Params>, nodeId: string, template: Template, said: Said): Params {
  const next: Params = { ...params };
  for (const question of template.parameters) {
    if (question.nodeId === nodeId) next[question.field] = (answerOf(question, said) ?? "") as Json;
  }
  for (const slot of template.credentials) {
    for (const { nodeId: at, field } of slot.fields) if (at === nodeId) next[field] = said.credentials[slot.id] ?? "";
  }
  return next;
}
