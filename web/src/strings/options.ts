/** Choices that a provider has for a field. */

export const options = {
  show: (title: string) => `Show the choices for ${title}`,
  list: (title: string) => `Choices for ${title}`,
  reload: (title: string) => `Load the choices for ${title} again`,
  choose: (title: string) => `Choose ${title} first.`,
  fillIn: (title: string) => `Fill in ${title} first.`,
  dependsOnExpression: (title: string) =>
    `${title} is an expression, which has a value only when the workflow runs. Write the value here yourself.`,
  chooseOrWrite: "Choose, or write it",
  loading: "Loading…",
  count: (count: number, more: boolean) => `${count}${more ? " or more" : ""} ${count === 1 ? "choice" : "choices"}`,
  none: "There are no choices.",
  noMatch: (text: string) => `Nothing matches “${text}”. What you wrote is kept.`,
  more: "Load more",
  moreFailed: "The next page could not be loaded.",
  cut: "There are more than these: write the beginning, or the whole value.",
  again: "Try again",
  failed: "The choices could not be loaded.",
  mapping: {
    unset: "Not given",
    missing: "Needed",
    remove: (column: string) => `Do not give ${column}`,
    unknown: (what: string) => `There is no such ${what} to write.`,
    other: (what: string) => `Another ${what}`,
    fromItem: "Take fields of the same names",
    fromItemHelp: "Fills in what has no value yet with the item's fields.",
    loading: (title: string) => `Loading ${title.toLowerCase()}…`,
  },
};
