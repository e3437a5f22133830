import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { acceptInvitation, type Invited } from "../api/people";
import { ApiError } from "../api/problem";
import { logOut, refresh, registerInvited, showInvitation, useSession } from "../api/session";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { messageOf } from "../ui/message";
import { LoadingPage } from "../ui/States";
import { Alert, AuthField, AuthForm, Frame, NEW_PASSWORD, text, useSubmit } from "./AuthFrame";
import { labelOf } from "./settings/InviteDialog";

const t = strings.people;

/**
 * `/invitation#token`: what somebody is asked, and saying yes. The token stays in the address bar, for who has to log
 * in first comes back with it.
 */
export function InvitationPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const [found, setFound] = useState<Invited>();
  const [failure, setFailure] = useState<unknown>(null);
  const { state, user } = useSession();
  useEffect(() => {
    if (failure !== null) return;
    Promise.all([showInvitation(token), refresh()]).then(([shown]) => setFound(shown), setFailure);
  }, [token, failure]);
  const gone = failure instanceof ApiError && (failure.status === 410 || failure.status === 422);
  if (!token || gone) {
    return (
      <Frame title={t.gone} intro={t.goneText}>
        <Link to="/" className="font-medium text-accent text-sm hover:underline">
          {strings.auth.backToLogIn}
        </Link>
      </Frame>
    );
  }
  if (failure !== null) {
    const { title, detail } = messageOf(failure);
    return (
      <Frame title={title} intro={detail}>
        <Button icon={<RotateCw size={14} />} className="h-9 w-full" onClick={() => setFailure(null)}>
          {strings.common.retry}
        </Button>
      </Frame>
    );
  }
  if (!found) return <LoadingPage />;
  const role = labelOf({ role: found.role, name: found.roleName });
  const signedIn = state === "signedIn" && user;
  return (
    <Frame title={t.joinTitle(found.tenant)} intro={t.joinIntro(found.inviter, role)}>
      <p className="wrap-anywhere mb-4 text-sm">{t.joinAs(found.email)}</p>
      {signedIn && user.email === found.email && <Accept token={token} />}
      {signedIn && user.email !== found.email && (
        <div className="space-y-4">
          <Alert>{t.joinOther(user.email)}</Alert>
          <Button className="h-9 w-full" onClick={() => void logOut()}>
            {t.logOutFirst}
          </Button>
        </div>
      )}
      {!signedIn && found.hasAccount && (
        <Link
          to="/login"
          state={{ from: `/invitation#${token}` }}
          className="flex h-9 w-full items-center justify-center rounded-md bg-accent font-medium text-on-accent text-sm hover:bg-accent-strong"
        >
          {t.joinLogIn}
        </Link>
      )}
      {!signedIn && !found.hasAccount && <Register token={token} />}
    </Frame>
  );
}

function Accept({ token }: { token: string }) {
  const { busy, error, submit } = useSubmit(() => acceptInvitation(token));
  return <AuthForm submit={submit} busy={busy} error={error} action={t.join} />;
}

function Register({ token }: { token: string }) {
  const { busy, error, submit, field } = useSubmit(async (data) => {
    await registerInvited(token, text(data, "name"), text(data, "password"));
    window.location.assign("/");
  });
  return (
    <AuthForm submit={submit} busy={busy} error={error} action={t.joinNew}>
      <AuthField
        label={strings.auth.name}
        error={field("name")}
        name="name"
        autoComplete="name"
        maxLength={100}
        autoFocus
      />
      <AuthField label={strings.auth.password} error={field("password")} {...NEW_PASSWORD} />
    </AuthForm>
  );
}
