/** Workflow documents in answers: OpenAPI calls them objects of any keys, so they are looked at here. */

import { normalised, SCHEMA_VERSION, type WorkflowDocument } from "../graph/document";
import { flawOf } from "../graph/reading";
import { strings } from "../strings";
import { ApiError } from "./problem";

/** The document, with all that readers need. Throws an `ApiError` where it is none, or of a newer schema. */
export function readDocument(value: unknown): WorkflowDocument {
  const flaw = flawOf(value);
  if (flaw?.code === "newer") {
    throw new ApiError("newer", 200, { detail: strings.errors.newerDetail(flaw.found, SCHEMA_VERSION) });
  }
  if (flaw) throw new ApiError("garbled", 200, { detail: strings.safety.flaw(flaw, SCHEMA_VERSION) });
  return normalised(value as WorkflowDocument);
}
