import { useContext, useRef } from "react";
import { hasExpression } from "../graph/references";
import { fromAi } from "../graph/tools";
import { Field } from "../ui/Form";
import type { TextEditorHandle } from "./editorHandle";
import { asksModel, FromAiButton, InToolContext } from "./FromAiButton";
import { FxButton } from "./FxButton";
import { JsonInput } from "./JsonInput";
import type { RowProps } from "./rowProps";
import { textOf, withoutExpressions } from "./switching";
import { TextField } from "./TextField";

/** A field for text, in which an expression may begin anywhere: text, several lines of it, JSON. */
export function TextRow({ field, value, path, help, error, wrongAt, onChange }: RowProps) {
  const { ui, title } = field;
  const editor = useRef<TextEditorHandle>(null);
  const isJson = ui.kind === "json";
  const expressing = isJson ? (JSON.stringify(value) ?? "").includes("{{") : hasExpression(value);
  const toggle = () => {
    if (expressing) editor.current?.replace(withoutExpressions);
    else editor.current?.openBraces();
  };
  const inTool = useContext(InToolContext);
  const aside = (
    <>
      {inTool && (
        <FromAiButton
          title={title}
          asking={asksModel(value)}
          onAsk={() => editor.current?.replace(() => fromAi(path, title, ui.kind))}
        />
      )}
      <FxButton title={title} expressing={expressing} onToggle={toggle} />
    </>
  );
  return (
    <div data-field={path} className="min-w-0">
      <Field label={title} required={field.required} help={help} error={error} aside={aside}>
        {(ids) =>
          isJson ? (
            <JsonInput
              ids={ids}
              title={title}
              value={value}
              placeholder={ui.placeholder}
              wrongAt={wrongAt}
              handle={editor}
              onChange={onChange}
            />
          ) : (
            <TextField
              {...ids}
              label={title}
              value={textOf(value)}
              placeholder={ui.placeholder}
              multiline={ui.kind === "multiline"}
              wrongAt={wrongAt}
              handle={editor}
              onChange={onChange}
            />
          )
        }
      </Field>
    </div>
  );
}
