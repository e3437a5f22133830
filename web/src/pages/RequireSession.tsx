import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { ApiError } from "../api/problem";
import { logIn, logOut, refresh, useSession } from "../api/session";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { messageOf, sentences } from "../ui/message";
import { Failed, LoadingPage } from "../ui/States";
import { type Asked, askedOf, SecondFactor } from "./factors/SecondFactor";
import { SetUpFactor, UseProvider } from "./factors/SetUpFactor";

/** Pages that need a session. One that ends while they are open is renewed in place, so that no work is lost. */
export function RequireSession() {
  const { state, factorMissing, providerOnly } = useSession();
  const location = useLocation();
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    if (state === "unknown" && failure === null) refresh().catch(setFailure);
  }, [state, failure]);

  if (state === "unknown") {
    return failure === null ? <LoadingPage /> : <Failed error={failure} onRetry={() => setFailure(null)} />;
  }
  if (state === "signedOut")
    return <Navigate to="/login" replace state={{ from: location.pathname + location.search }} />;
  if (providerOnly) return <UseProvider />;
  if (factorMissing) return <SetUpFactor />;
  return (
    <>
      <Outlet />
      {state === "expired" && <ExpiredDialog />}
    </>
  );
}

function ExpiredDialog() {
  const email = useSession((session) => session.user?.email ?? "");
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await logIn(email, password.current?.value ?? "");
      await client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    } catch (failure) {
      const next = askedOf(failure);
      if (next) return setAsked(next);
      const wrong = failure instanceof ApiError && failure.status === 401;
      const { title, detail } = messageOf(failure);
      setError(wrong ? strings.auth.wrong : sentences(title, detail));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={() => undefined}
      title={strings.auth.expiredTitle}
      description={strings.auth.expiredDetail}
    >
      {asked && (
        <div className="pb-3">
          <SecondFactor asked={asked} onExpired={() => setAsked(null)} />
        </div>
      )}
      <form onSubmit={(event) => void submit(event)} className={asked ? "hidden" : "space-y-3 pb-3"}>
        <Field label={strings.auth.email}>
          {(ids) => <Input {...ids} value={email} readOnly autoComplete="username" />}
        </Field>
        <Field label={strings.auth.password} error={error}>
          {(ids) => (
            <Input {...ids} ref={password} type="password" autoComplete="current-password" required autoFocus />
          )}
        </Field>
        <div className="flex justify-end gap-2 pt-1">
          <Button variant="quiet" onClick={() => void logOut()}>
            {strings.nav.logOut}
          </Button>
          <Button variant="primary" type="submit" busy={busy}>
            {strings.auth.goOn}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
