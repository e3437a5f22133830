import { useCallback, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { enterChat } from "../api/endpoints";
import { Failed, LoadingPage } from "../ui/States";

/** Sends a member who is logged in back to the chat that asked for it, with a code that lets them in. */
export function ChatEntryPage() {
  const [params] = useSearchParams();
  const [failure, setFailure] = useState<unknown>(null);
  const chat = params.get("chat") ?? "";
  const challenge = params.get("challenge") ?? "";
  const enter = useCallback(() => {
    setFailure(null);
    enterChat(chat, challenge).then((address) => {
      // The API's answer is the only place it comes from; nothing but a chat's page is opened.
      const { protocol, pathname } = new URL(address);
      if (protocol.startsWith("http") && pathname.startsWith("/chat/")) window.location.replace(address);
    }, setFailure);
  }, [chat, challenge]);
  useEffect(enter, [enter]);
  return failure === null ? <LoadingPage /> : <Failed error={failure} onRetry={enter} />;
}
