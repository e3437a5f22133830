import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { connectCredential } from "../api/credentials";
import { keys } from "../api/queries";
import { strings } from "../strings";
import { inWords } from "../ui/message";
import { CHANNEL, concerns, type Outcome, readOutcome } from "./connecting";

type Connecting =
  | { kind: "idle" }
  | { kind: "waiting" }
  | { kind: "connected"; message: string }
  | { kind: "failed"; message: string };

/** What is shown after a window came to its end. A window that belongs to no one concerns only who waits for one. */
function after(former: Connecting, { credentialId, connected, message }: Outcome): Connecting {
  if (credentialId === "" && former.kind !== "waiting") return former;
  return { kind: connected ? "connected" : "failed", message };
}

/** Connects a credential in a window of its provider. `begin` must be called from a click: else the window is blocked. */
export function useConnecting(id: string): { state: Connecting; begin(): Promise<void> } {
  const client = useQueryClient();
  const [state, setState] = useState<Connecting>({ kind: "idle" });

  // It listens at all times: the window may come to its end after another one failed, or was begun in another tab.
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const outcome = readOutcome(data);
      if (!outcome || !concerns(outcome, id)) return;
      setState((former) => after(former, outcome));
      void client.invalidateQueries({ queryKey: keys.credentials });
    };
    return () => channel.close();
  }, [id, client]);

  const begin = async () => {
    const opened = window.open("", "_blank", "popup,width=560,height=720");
    if (!opened) {
      setState({ kind: "failed", message: strings.oauth2.blocked });
      return;
    }
    setState({ kind: "waiting" });
    try {
      const { authorizeUrl } = await connectCredential(id);
      opened.location.replace(authorizeUrl);
    } catch (error) {
      opened.close();
      setState({ kind: "failed", message: inWords(error) });
    }
  };
  return { state, begin };
}
