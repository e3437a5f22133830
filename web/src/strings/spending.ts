export const spending = {
  title: "Language models",
  text: "What models cost this month, and what the workspace may spend. No further request is sent once it is spent.",
  spent: (month: string) => `Spent in ${month}`,
  tokens: (shown: string) => (shown === "1" ? "1 token" : `${shown} tokens`),
  ofLimit: (spent: string, limit: string) => `${spent} of ${limit}`,
  unpriced: (count: number) =>
    count === 1
      ? "1 answer was of a model whose price is not known."
      : `${count.toLocaleString("en")} answers were of models whose price is not known.`,
  renews: (when: string) => `The month begins anew on ${when}, 00:00 UTC.`,
  over: "The budget is spent: models are not asked until the month begins anew, or the budget is raised.",
  money: "Most money in a month, in USD",
  mostTokens: "Most tokens in a month",
  help: "Empty: no limit; 0: nothing. It counts at once, for all workflows.",
  ownersOnly: "Owners and admins can change it.",
  saved: "The budget is saved",
  byWorkflow: "By workflow",
  deleted: "Deleted workflow",
  nothing: "No model was asked this month.",
  thisMonth: (cost: string) => `This month: ${cost}`,
  cost: "Cost",
  budget: "Budget for language models",
  budgetHelp:
    "No further request is sent once it is spent. Empty: no limit; 0: nothing. It counts once saved, without publishing.",
  fields: {
    executionMoney: "Most money of an execution, in USD",
    executionTokens: "Most tokens of an execution",
    monthMoney: "Most money in a month, in USD",
    monthTokens: "Most tokens in a month",
  } as const,
};
