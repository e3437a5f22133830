/** What an expression gives while it is written. */

import { createContext } from "react";
import type { PreviewRequest } from "../api/endpoints";

/** Where previews take their data from; null where there is no form with data. */
export const PreviewContext = createContext<PreviewRequest | null>(null);
