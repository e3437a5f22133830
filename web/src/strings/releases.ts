export const releases = {
  needsApproval: "A second person approves what goes live",
  needsApprovalHelp:
    "Who asked does not decide. At least two members must be allowed to publish; an owner goes back at once, in an emergency.",
  approved: "a second person approves",
  // Asking
  askTitle: "Ask to publish",
  askTitleOf: (number: number, name: string) => `Ask to make version ${number} live in ${name}`,
  askText: (name: string) =>
    `The draft as it is now becomes a version. It is live in ${name} once somebody else approves it, whatever becomes of the draft.`,
  askTextOf: (name: string) => `It is live in ${name} once somebody else approves it.`,
  why: "Why",
  whyHelp: "Whoever decides reads it.",
  ask: "Ask for approval",
  asked: (number: number) => `Version ${number} waits for its approval`,
  askedText: "Everybody who may publish finds it under Approvals.",
  show: "Show it",
  notAsked: "Nothing was asked",
  // What waits
  count: (count: number) =>
    count === 1 ? "1 version waits for an approval" : `${count} versions wait for an approval`,
  waiting: "Versions that wait for an approval",
  asks: (version: string, place: string) => `${version} waits to go live in ${place}`,
  by: (name: string, when: string) => `Asked by ${name} ${when}`,
  gone: "somebody who has left",
  compare: "See what changes",
  approve: "Approve…",
  reject: "Reject…",
  cancel: "Take back",
  decideTitles: {
    approve: (number: number) => `Approve version ${number}?`,
    reject: (number: number) => `Reject version ${number}?`,
  },
  decideTexts: {
    approve: (place: string) => `It goes live in ${place} at once, as it was when it was asked for.`,
    reject: (place: string) => `It does not go live in ${place}. The version stays in the list.`,
  },
  deeds: { approve: "Approve", reject: "Reject" },
  comment: "Comment",
  reason: "Reason",
  reasonHelp: "What is to change, for whoever asked.",
  done: {
    approve: (number: number) => `Version ${number} is approved and live`,
    reject: (number: number) => `Version ${number} is rejected`,
    cancel: (number: number) => `Version ${number} no longer waits`,
  },
  notDecided: "Nothing was decided",
  told: {
    waiting: "Waits for an approval",
    approved: "Approved",
    rejected: "Rejected",
    cancelled: "Taken back",
  },
  toldBy: (state: string, name: string, comment: string) => `${state} by ${name}${comment ? `: ${comment}` : ""}`,
  // Emergencies
  emergency: "Go back now, without approval",
  emergencyText: "For emergencies: owners only, to what was live there before. The audit says that it was one.",
};
