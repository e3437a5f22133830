import { lazy, Suspense } from "react";
import { patient } from "../ui/patient";
import { Skeleton } from "../ui/States";
import type { CodeEditorProps } from "./CodeEditor";

const CodeEditor = lazy(() => patient(() => import("./CodeEditor").then((module) => ({ default: module.CodeEditor }))));

/** A code editor, with its languages loaded when the first one is shown. */
export function Code(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton className="h-32 w-full" />}>
      <CodeEditor {...props} />
    </Suspense>
  );
}
