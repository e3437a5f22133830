export const tour = {
  start: "Take the tour",
  menu: "Tour",
  workflowName: "Tour: sort orders by size",
  startFailed: "The tour did not start",
  label: "Tour",
  progress: (step: number, steps: number) => `${step} of ${steps}`,
  next: "Next",
  back: "Back",
  skip: "Skip the tour",
  done: "Done",
  toList: "Go to your workflows",
  steps: {
    canvas: {
      title: "This is a workflow",
      text: "It starts at the trigger on the left. Each step takes items, does one thing with them, and passes them on to the right.",
    },
    palette: {
      title: "Every step comes from here",
      text: "Drag one onto the canvas, or click it. The plus on a step or a line adds one right there.",
    },
    select: {
      title: "Open a step",
      text: "Select “Add tax” on the canvas, with a click, or with Tab and the space bar.",
    },
    inspector: {
      title: "This is what the step does",
      text: "Its parameters and settings are here, and its data once it has run. Changes are saved as you make them; Undo takes each back.",
    },
    run: {
      title: "Now run it",
      text: "Press Run. Nothing outside is touched: this one only works with three orders of its own.",
    },
    watch: {
      title: "It runs",
      text: "Each step lights up as it works. The numbers on the lines say how many items went along.",
    },
    succeeded: {
      title: "Your first workflow ran",
      text: "Select any step to see its items. When a workflow does what you want, publish it: then webhooks and schedules start it.",
    },
    failed: {
      title: "This run did not succeed",
      text: "The red step says why. Undo what you changed in it, and press Run again.",
    },
  },
};
