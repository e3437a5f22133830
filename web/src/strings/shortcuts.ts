export const shortcuts: { group: string; entries: [keys: string, what: string][] }[] = [
  {
    group: "Workflow",
    entries: [
      ["mod+s", "Save"],
      ["mod+enter", "Run"],
      ["a", "Add a node"],
      ["mod+z", "Undo"],
      ["mod+shift+z", "Redo"],
      ["mod+k", "Commands"],
      ["?", "This list"],
    ],
  },
  {
    group: "Selection",
    entries: [
      ["mod+a", "Select all"],
      ["mod+c", "Copy"],
      ["mod+x", "Cut"],
      ["mod+v", "Paste"],
      ["mod+d", "Duplicate"],
      ["d", "Disable or enable"],
      ["mod+g", "Group"],
      ["F2", "Rename"],
      ["del", "Delete"],
      ["esc", "Clear the selection"],
    ],
  },
  {
    group: "Canvas",
    entries: [
      ["f", "Zoom to fit"],
      ["n", "Add a note"],
      ["t", "Tidy up the selection, or everything"],
      ["m", "Overview map"],
      ["Tab", "Next node"],
      ["enter", "Open the focused node side by side"],
      ["shift+F10", "Menu of the focused node"],
      ["Arrows", "Move the selected nodes"],
      ["Space", "Drag to pan"],
    ],
  },
];
