export const common = {
  product: "Stepweave",
  close: "Close",
  cancel: "Cancel",
  retry: "Try again",
  loading: "Loading",
  copied: "Copied",
  copy: "Copy",
  remove: "Remove",
  delete: "Delete",
  add: "Add",
  save: "Save",
  search: "Search",
  more: "More",
  back: "Back",
  none: "None",
  options: "Options",
  clear: "Clear",
  loadMore: "Load more",
  actions: (name: string) => `Actions for ${name}`,
};

export const errors = {
  unexpected: "Something went wrong",
  offline: "Stepweave cannot be reached",
  garbled: "The answer made no sense",
  garbledDetail: "Something between this browser and Stepweave answered instead of it. Try again in a moment.",
  signedOut: "Your session has ended",
  server: "Stepweave had a problem",
  refused: (status: number) => `The request was refused (${status})`,
  clipboard: "The browser did not allow the clipboard. Select the text and copy it by hand.",
  crashedTitle: "This page stopped working",
  crashedDetail: "What you had saved is safe. Reload the page to go on.",
  reload: "Reload",
};

export const nav = {
  label: "Main",
  workflows: "Workflows",
  executions: "Executions",
  credentials: "Credentials",
  account: "Account",
  logOut: "Log out",
  theme: { light: "Light", dark: "Dark", system: "System" },
  themeLabel: "Theme",
  skip: "Skip to content",
  notFound: "There is no such page",
  notFoundDetail: "The link may be old, or the address mistyped.",
  home: "Go to your workflows",
};

export const auth = {
  logIn: "Log in",
  logInTitle: "Welcome back",
  logInIntro: "Log in to your workflows.",
  register: "Create account",
  registerTitle: "Create your account",
  registerIntro: "A workspace of your own, ready in a few seconds.",
  email: "Email",
  password: "Password",
  passwordHelp: "At least 10 characters.",
  name: "Your name",
  tenant: "Workspace",
  tenantHelp: "Your team's or company's name. It becomes part of your webhook URLs.",
  noAccount: "New here?",
  haveAccount: "Have an account?",
  wrong: "Email or password is wrong",
  pitch: "Draw it. Run it. Watch every step.",
  pitchDetail:
    "Parallel branches, waits up to a year, thousands of items at once, and nothing running while nothing happens.",
  expiredTitle: "Your session has ended",
  expiredDetail: "Nothing on this page is lost. Enter your password to go on.",
  goOn: "Go on",
};

export const status: Record<string, string> = {
  waiting: "Waiting",
  queued: "Queued",
  running: "Running",
  retrying: "Retrying",
  succeeded: "Succeeded",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Cancelled",
  timed_out: "Timed out",
};

export const triggers: Record<string, string> = {
  manual: "By hand",
  webhook: "Webhook",
  schedule: "Schedule",
  error: "Error",
  workflow: "Workflow",
};
