/** Connecting and testing credentials. */

export const oauth2 = {
  redirectUrl: "Redirect URL",
  redirectHelp: "Register it at the provider.",
  copyRedirect: "Copy the redirect URL",
  connect: "Connect",
  again: "Connect again",
  beginAgain: "Open it again",
  waiting: "Agree in the window that opened. This goes on by itself.",
  blocked: "The browser blocked the window. Allow pop-ups for this page, and connect again.",
  saveFirst: "Save your changes first.",
  later: "Later",
  createdTitle: (name: string) => `Connect “${name}”`,
  createdText: "It is saved. To be used it must be connected at the provider.",
  states: {
    missing: "Not connected yet",
    connected: "Connected",
    lost: "To be connected again",
  },
  lostHelp: "The provider ended its access. Nodes that use it fail until it is connected again.",
  missingHelp: "Nodes that use it fail until it is connected.",
  connectedHelp: "Its tokens are renewed by themselves.",
  test: "Test",
  savedNow: "It is saved. Try it out, or close this.",
  testing: "Testing…",
};
