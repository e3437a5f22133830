import { createContext } from "react";
import type { ParamSchema } from "../../graph/catalogue";
import type { Params } from "../../graph/document";

/** The node whose form is shown: fields in rows need its other fields as well. */
export interface NodeForm {
  type: string;
  version: number;
  schema: ParamSchema;
  params: Readonly<Params>;
}

export const NodeFormContext = createContext<NodeForm | null>(null);
