import type { Refusal } from "../graph/connect";
import type { Finding } from "../graph/validate";

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const editor = {
  canvas: "Workflow canvas",
  nameLabel: "Workflow name",
  saved: "Saved",
  saving: "Saving",
  unsaved: "Unsaved changes",
  saveFailed: "Not saved, trying again",
  saveRefused: "Not saved",
  save: "Save",
  publish: "Publish",
  published: (version: number) => `Version ${version} is live`,
  publishFailed: "Not published",
  publishBlocked: "Not published: the workflow has errors",
  unpublish: "Take offline",
  unpublished: "The workflow is offline",
  run: "Run",
  runWith: "Run with items",
  stop: "Stop",
  running: "Running",
  runFailed: "The run did not start",
  undo: "Undo",
  redo: "Redo",
  duplicate: "Duplicate",
  copy: "Copy",
  cut: "Cut",
  paste: "Paste",
  delete: "Delete",
  disable: "Disable",
  enable: "Enable",
  fit: "Zoom to fit",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  shortcuts: "Keyboard shortcuts",
  selectAll: "Select all",
  rename: "Rename",
  settings: "Workflow settings",
  palette: "Add a node",
  paletteSearch: "Search nodes",
  recent: "Recently used",
  paletteNone: "No node matches",
  paletteHint: "Drag onto the canvas, or press Enter",
  categories: {
    trigger: "Triggers",
    flow: "Flow",
    data: "Data",
    network: "Network",
    message: "Messages",
    ai: "AI",
  } as Record<string, string>,
  addAfter: (name: string, port: string) => `Add a node after ${name}${port ? `, ${port}` : ""}`,
  mainPort: "Main",
  lostPort: (name: string) => `This node has no port ${name} any more: connect it anew, or remove the connection.`,
  insertHere: "Insert a node here",
  removeEdge: "Remove this connection",
  emptyTitle: "Start with a trigger",
  emptyText: "It decides when the workflow runs. Everything else follows from it.",
  pasteNothing: "The clipboard holds no nodes",
  pasteNothingDetail: "Copy nodes here or in another workflow, or a workflow's JSON.",
  unknownType: (type: string, version: number) => `This Stepweave has no node type ${type} v${version}`,
  disabledBadge: "Disabled",
  issues: (count: number) => plural(count, "issue", "issues"),
  problems: "Issues",
  noProblems: "No issues. Ready to run and publish.",
  checking: "Checking",
  remedy: "What to do",
  inspector: "Node",
  nothingSelected: "Nothing selected",
  nothingSelectedText: "Choose a node to see what it does and set it up.",
  manySelected: (count: number) => `${count} nodes selected`,
  tabs: { params: "Parameters", settings: "Settings", data: "Data", docs: "Docs" },
  noParams: "This node has nothing to set.",
  nameRefusals: {
    empty: "A node needs a name.",
    long: "At most 120 characters.",
    taken: "Another node has this name.",
  },
  webhookUrl: "Webhook URL",
  copyUrl: "Copy URL",
  webhookUnpublished: "Answers once the workflow is published.",
  conflictTitle: "Somebody else saved this workflow",
  conflictText: "There is a newer version than the one you began with. Nothing of yours is lost, whichever you choose.",
  keepMine: "Keep mine",
  keepMineHelp: "Yours replaces theirs.",
  loadTheirs: "Load theirs",
  loadTheirsHelp: "Theirs replaces yours. Undo brings yours back.",
  theirsLoaded: "Loaded the newer version. Undo brings yours back.",
  recoverTitle: "There are changes that were never saved",
  recoverText: (when: string) => `This browser kept them ${when}.`,
  recover: "Restore them",
  discard: "Discard",
  leaveTitle: "Leave without saving?",
  leaveText: "The last changes are not saved yet. This browser keeps them until you are back.",
  leave: "Leave",
  stay: "Stay",
  runDialogText: "Each object becomes one item. Without any, the trigger's own items are used.",
  runItems: "Items",
  runTrigger: "Start at",
  runItemsWrong: "These are no items. ",
  noTrigger: "Add a trigger first: nothing starts this workflow.",
  hideRun: "Close the run",
  openRun: "Open as page",
  sourceLoadFailed: "The workflow could not be loaded",
  nodesSelectedHelp: "Copy, duplicate, disable or delete them together.",
};

export const settings = {
  onError: "When it fails",
  onErrorHelp: "After its retries are used up.",
  onErrorOptions: { stop: "Stop the execution", continue: "Go on with an error item", branch: "Send to an error port" },
  retry: "Retry",
  retryHelp: "Only errors that a retry can help: time-outs, refused connections, rate limits.",
  maxAttempts: "Retries",
  interval: "First wait (s)",
  backoff: "Growth factor",
  maxDelay: "Longest wait (s)",
  timeout: "Time-out (s)",
  timeoutHelp: (seconds: number) => `Empty: ${seconds} s.`,
  disabled: "Disabled",
  disabledHelp: "Items pass through untouched.",
  alwaysOutput: "Always output an item",
  alwaysOutputHelp: "What follows runs even when there is nothing to pass on.",
  executeOnce: "First item only",
  executeOnceHelp: "Runs once, with the first item.",
  notes: "Notes",
  notesPlaceholder: "Why is this step here?",
  mode: "Execution mode",
  modeHelp: "Express is faster and cheaper, up to five minutes. Standard can wait for up to a year.",
  modes: { auto: "Automatic", standard: "Standard", express: "Express" },
  timeZone: "Time zone",
  workflowTimeout: "Time-out (s)",
  workflowTimeoutHelp: "The whole execution ends after this long. Empty: no limit of its own.",
  description: "Description",
};

export const fields = {
  fixed: "Fixed value",
  expression: "Expression",
  toExpression: (title: string) => `Use an expression for ${title}`,
  toFixed: (title: string) => `Use a fixed value for ${title}`,
  addRow: "Add row",
  addTo: (title: string) => `Add to ${title}`,
  removeRow: (number: number) => `Remove row ${number}`,
  removeCondition: (number: number) => `Remove condition ${number}`,
  moveUp: (number: number) => `Move row ${number} up`,
  moveDown: (number: number) => `Move row ${number} down`,
  row: (title: string, number: number) => `${title} ${number}`,
  name: "Name",
  value: "Value",
  noneYet: "None",
  newCredential: "New credential",
  pickCredential: "Choose a credential",
  missingCredential: "This credential is gone",
  credentialsFailed: "The credentials could not be loaded",
  jsonWrong: "Not JSON",
  compare: "Comparison",
  type: "Type",
  left: "Value",
  right: "Compare with",
  addCondition: "Add condition",
  condition: (number: number) => `Condition ${number}`,
  cronNext: (zone: string) => `Next times, in ${zone.replaceAll("_", " ")}`,
  cronPresets: {
    "*/15 * * * *": "Every 15 minutes",
    "0 * * * *": "Every hour",
    "0 9 * * *": "Every day at 9:00",
    "0 9 * * 1-5": "Weekdays at 9:00",
    "0 9 * * 1": "Every Monday at 9:00",
    "0 9 1 * *": "On the first of the month",
  } as Record<string, string>,
  cronCustom: "Custom",
  cronPreset: "Repeat",
  cronWrong: "Five parts: minute, hour, day of month, month, day of week; or rate(15 minutes).",
  rate: (text: string) => `Every ${text}`,
  workflowZone: "The workflow's time zone",
  codeLabel: (title: string) => `${title}, code editor`,
  expressionLabel: (title: string) => `${title}, expression`,
  isTrue: "True",
  isFalse: "False",
};

export const refusals: Record<Refusal, string> = {
  self: "A node cannot be connected to itself.",
  noNode: "One of the nodes is gone.",
  noOutput: "There is no such output.",
  noInput: "This node takes no input: triggers only start.",
  exists: "They are connected already.",
  cycle: "That would make a circle. Use a Loop node to repeat steps.",
};

export function findingMessage(title: string, finding: Finding): { message: string; remedy: string } {
  switch (finding.code) {
    case "required":
      return { message: `${title} is missing.`, remedy: "Fill it in." };
    case "notNumber":
      return { message: `${title} is not a number.`, remedy: "Enter a number, or use an expression." };
    case "minimum":
      return { message: `${title} is too small.`, remedy: `Use at least ${finding.limit}.` };
    case "above":
      return { message: `${title} is too small.`, remedy: `Use more than ${finding.limit}.` };
    case "maximum":
      return { message: `${title} is too large.`, remedy: `Use at most ${finding.limit}.` };
    case "maxLength":
      return { message: `${title} is too long.`, remedy: `Use at most ${finding.limit} characters.` };
    case "pattern":
      return { message: `${title} is not written the right way.`, remedy: "See the hint below the field." };
    case "notJson":
      return {
        message: `${title} is not JSON.`,
        remedy: 'Put names and texts in double quotes, and expressions too: "{{ $json.id }}".',
      };
    case "option":
      return { message: `${title} has a value that is not offered.`, remedy: "Choose one of the list." };
  }
}
