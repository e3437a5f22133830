/** Test calls of triggers, after a publish and on demand. */
export const triggerChecks = {
  menu: "Test the triggers",
  title: (version: number) => `Triggers of version ${version}`,
  text: "Each was called as the outside world calls it. Nothing was started.",
  again: "Test again",
  show: "Show",
  none: "Nothing is published.",
  answered: (milliseconds: number) => `Reachable, in ${milliseconds.toLocaleString("en")} ms.`,
  next: (when: string) => `Fires next: ${when}`,
  allAnswer: (count: number, slowest: number) =>
    `${count === 1 ? "Its trigger answers" : `Its ${count} triggers answer`}, in ${slowest.toLocaleString("en")} ms.`,
  someFail: (names: string) => `It is live, and a test call did not arrive: ${names}`,
  notTested: "It is live. Its triggers could not be tested now.",
};
