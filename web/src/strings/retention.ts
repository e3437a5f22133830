const days = (count: number) => (count === 1 ? "1 day" : `${count.toLocaleString("en")} days`);

export const retention = {
  title: "History",
  text: "How long executions are kept after their end. Then they are deleted for good: their items, files and logs. Figures, usage and the audit stay.",
  succeeded: "Days, where it succeeded",
  failed: "Days, where it did not",
  help: (most: number | null) =>
    `${most === null ? "Empty: without end." : `Empty: the ${days(most)} of your plan.`} 0: deleted within the hour.`,
  wrong: "Write a whole number from 0 to 3,650, or nothing.",
  own: "Days of its own for this workflow",
  asWorkspace: (succeeded: number | null, failed: number | null, most: number | null) => {
    const said = (count: number | null) => ((count ?? most) === null ? "without end" : days((count ?? most) as number));
    return `As the workspace says: ${said(succeeded)} where it succeeded, ${said(failed)} where it did not.`;
  },
  saved: "How long executions are kept was saved",
  failedToSave: "It was not saved",
  confirm: (count: number, more: boolean) =>
    more
      ? `Delete more than ${count.toLocaleString("en")} executions?`
      : count === 1
        ? "Delete 1 execution?"
        : `Delete ${count.toLocaleString("en")} executions?`,
  confirmText:
    "They ended longer ago than they would be kept. They are deleted within the hour, and nothing brings them back. What runs or waits stays, and what somebody keeps.",
  action: "Save and delete",
  keep: "Keep for good",
  keepNoLonger: "Keep no longer",
  kept: "It is kept for good",
  keptNoLonger: "It is kept as long as others",
  keepFailed: "Nothing was changed",
  badge: "Kept",
};
