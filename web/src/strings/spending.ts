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
  money: "Most USD per month",
  mostTokens: "Most tokens per month",
  help: "Empty: no limit; 0: nothing. It counts at once, for all workflows.",
  ownersOnly: "Owners and admins can change it.",
  saved: "The budget is saved",
  byWorkflow: "By workflow",
  deleted: "Deleted workflow",
  nothing: "No model was asked this month.",
  thisMonth: (cost: string) => `This month: ${cost}`,
  cost: "Cost",
  budget: "Most that language models may use",
  budgetHelp:
    "No further request is sent once it is spent. Empty: no limit; 0: nothing. It counts once saved, without publishing.",
  fields: {
    executionMoney: "USD per execution",
    executionTokens: "Tokens per execution",
    monthMoney: "USD per month",
    monthTokens: "Tokens per month",
  } as const,
};
