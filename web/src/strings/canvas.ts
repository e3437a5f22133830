/** What is on the canvas beside nodes, and how things are put in order there. */
export const canvas = {
  addNote: "Add a note",
  note: "Note",
  group: "Group",
  newNote: "Double-click to write. **Markdown** works.",
  noteText: "Text of the note",
  groupTitle: "Title of the group",
  editNote: "Edit",
  deleteNote: "Delete",
  color: "Colour",
  colors: {
    yellow: "Yellow",
    blue: "Blue",
    green: "Green",
    red: "Red",
    purple: "Purple",
    gray: "Grey",
  },
  makeGroup: "Group",
  groupDefault: "Group",
  tidy: "Tidy up",
  tidied: "Tidied up. Undo brings the places back.",
  layoutFailed: "The nodes could not be put in order",
  zoomToSelection: "Zoom to the selection",
  minimap: "Overview map",
  minimapLabel: "Overview of the workflow",
  align: "Align",
  alignments: {
    left: "Left edges",
    center: "Centres",
    right: "Right edges",
    top: "Top edges",
    middle: "Middles",
    bottom: "Bottom edges",
    spreadX: "Spread horizontally",
    spreadY: "Spread vertically",
  },
};

/** Connecting nodes by keyboard. */
export const connecting = {
  menu: "Connect to…",
  title: (name: string) => `Connect ${name}`,
  placeholder: (name: string) => `Connect ${name} to`,
  group: "Nodes that it may lead to",
  from: (port: string) => `from its output ${port}`,
  into: (name: string, port: string) => `${name}, input ${port}`,
  done: (from: string, to: string) => `Connected ${from} to ${to}`,
  nothing: "No node that it may be connected to",
};

export const commands = {
  title: "Commands",
  placeholder: "Go to a node, add one, or do something",
  nothing: "Nothing matches",
  groups: { actions: "Actions", nodes: "Nodes of this workflow", add: "Add a node", pages: "Go to" },
  add: (name: string) => `Add ${name}`,
  hint: "Arrows choose, Enter does it",
};
