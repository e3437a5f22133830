import { type RefObject, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Json } from "../graph/document";
import { hasExpression } from "../graph/references";
import { strings } from "../strings";
import { Code } from "./Code";
import type { TextEditorHandle } from "./editorHandle";
import { forgetTarget, useInsertTarget } from "./insertTarget";
import { jsonText, jsonValue } from "./json";
import { PreviewLine } from "./PreviewLine";
import { ScopeContext } from "./scope";
import { useDropping } from "./TextField";

interface JsonInputProps {
  ids: { "aria-describedby": string | undefined; "aria-invalid": true | undefined };
  title: string;
  value: Json;
  placeholder?: string | undefined;
  /** Where it is wrong, in code points. */
  wrongAt?: number | null;
  /** Given where the field may hold expressions. */
  handle?: RefObject<TextEditorHandle | null>;
  onChange(value: Json): void;
}

/** JSON as text. What is not JSON yet is kept as it was typed, so that nothing is lost. */
export function JsonInput({ ids, title, value, placeholder, wrongAt = null, handle, onChange }: JsonInputProps) {
  const scope = useContext(ScopeContext);
  const [text, setText] = useState(() => jsonText(value));
  const [engaged, setEngaged] = useState(false);
  const [failsAt, setFailsAt] = useState<number | null>(null);
  useEffect(() => {
    // Undo, or somebody else's version: what is shown follows unless it says the same already.
    setText((shown) =>
      JSON.stringify(jsonValue(shown)) === JSON.stringify(value ?? undefined) ? shown : jsonText(value),
    );
  }, [value]);
  const latest = useRef(handle);
  latest.current = handle;
  const put = useMemo(() => (path: string) => latest.current?.current?.putField(path), []);
  const target = useMemo(() => ({ title, insert: put }), [title, put]);
  useEffect(() => () => forgetTarget(target), [target]);
  const { over, ...dropping } = useDropping(put);
  const expressing = {
    onFocus: () => {
      setEngaged(true);
      useInsertTarget.setState({ target });
    },
    onBlur: () => setTimeout(() => setEngaged(false)),
    ...dropping,
  };
  return (
    <div {...(handle ? expressing : {})}>
      <div data-over={over || undefined} className="rounded-md">
        <Code
          label={strings.fields.codeLabel(title)}
          language="json"
          value={text}
          placeholder={placeholder}
          wrongAt={(engaged ? failsAt : null) ?? wrongAt}
          describedBy={ids["aria-describedby"]}
          invalid={ids["aria-invalid"]}
          {...(handle ? { expressions: scope, handle } : {})}
          onChange={(next) => {
            setText(next);
            onChange(jsonValue(next));
          }}
        />
      </div>
      {/* Expressions within JSON have a value each; the one whose value the whole body is, is shown. */}
      {engaged && handle && hasExpression(value) && <PreviewLine text={text} onError={setFailsAt} />}
    </div>
  );
}
