import type { Flaw, Must } from "../graph/reading";

const MUST: Record<Must, string> = {
  id: "must be letters, digits, - or _ (at most 64)",
  unique: "is there twice",
  name: "must be a text that is not empty",
  text: "must be a text",
  whole: "must be a whole number from 1 on",
  place: "must have numbers x and y",
  object: "must be an object",
  list: "must be a list",
};
const ENTRY = { nodes: "Node", edges: "Connection", notes: "Note" };

/** What is wrong with a document from outside, where, and what to do about it. */
function flaw(found: Flaw, known: number): string {
  switch (found.code) {
    case "notJson":
      return `This is not JSON: it stops making sense at line ${found.line}, column ${found.column}. Mend it there.`;
    case "notWorkflow":
      return "This is no Stepweave workflow. Take one that was exported or copied from Stepweave.";
    case "newer":
      return `This workflow is of a newer Stepweave (schema ${found.found}); this one knows up to ${known}. Update Stepweave, or export it again from the version that you have.`;
    case "large":
      return `This has ${(found.bytes / 1024 ** 2).toFixed(1)} MB; a workflow has at most 2 MB. Take fewer nodes, or less data in them.`;
    case "field": {
      const { list, index = 0, name, field, must } = found;
      const entry = list ? `${ENTRY[list]} ${index + 1}${name ? ` (“${name.slice(0, 60)}”)` : ""}` : "The workflow";
      return field === "" ? `${entry} ${MUST[must]}.` : `${entry}: “${field}” ${MUST[must]}.`;
    }
  }
}

export const safety = {
  flaw,
  inWorkflow: (number: number, name: string) => `Workflow ${number}${name ? ` (“${name.slice(0, 60)}”)` : ""}: `,
  notItem: (number: number, text: string) =>
    `Entry ${number} (${text.slice(0, 40)}) is not an object: write {"name": "value"}.`,
  partFailed: "This part of the app could not be loaded",
  partFailedDetail:
    "Check your connection and try again. If it stays so, reload the page: Stepweave may have been updated.",
  pasteRefused: "Nothing was pasted",
  kept: "Your changes are kept in this browser.",
  keptNowhere:
    "Your changes cannot be kept in this browser either, its storage is full or blocked: do not close this page before they are saved, or download the workflow.",
  passing: "They are sent as soon as it answers.",
  refused: "They are sent again after the next change.",
  gone: "The workflow was deleted meanwhile. Save yours as a new one to keep it.",
  signedOut: "Log in again to save them.",
  leaveUnkept: "The last changes are not saved, and this browser cannot keep them: they are lost when you leave.",
  download: "Download",
  saveAsNew: "Save as a new workflow",
  savedAsNew: "Saved as a new workflow",
  notStarted: "Nothing was started: the workflow could not be saved",
  notPublished: "Not published: the workflow could not be saved",
  savedSince: "The workflow was saved since then, maybe by somebody else. Undo takes the restored changes back.",
};
