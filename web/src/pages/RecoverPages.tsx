import { MailCheck } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link, Navigate } from "react-router";
import { askToReset, confirmEmail, confirmRegistration, resetPassword, undoEmail } from "../api/session";
import { strings } from "../strings";
import { AuthField, AuthForm, EMAIL, Frame, NEW_PASSWORD, PASSWORD, text, useSubmit } from "./AuthFrame";

const t = strings.auth;

/** The token of the link that led here. It leaves the address bar at once: what stands there is looked at and copied. */
function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, "", window.location.pathname);
  }, []);
  return token;
}

function ToLogIn() {
  return (
    <p className="mt-6 text-sm">
      <Link to="/login" className="font-medium text-accent underline-offset-2 hover:underline">
        {t.backToLogIn}
      </Link>
    </p>
  );
}

/** The way on for whose link is good no more. */
function AskAgain() {
  return (
    <p className="mt-6 text-sm">
      <Link to="/forgot-password" className="font-medium text-accent underline-offset-2 hover:underline">
        {t.forgotAgain}
      </Link>
    </p>
  );
}

/** Says what comes next, which is not here. */
export function MailSent({ title, text: words }: { title: string; text: string }) {
  return (
    <Frame title={title} intro="">
      <div role="status" className="flex gap-3 rounded-lg border border-line bg-surface-2 p-4 text-ink-2 text-sm">
        <MailCheck size={18} className="mt-0.5 shrink-0 text-accent" aria-hidden />
        <p className="wrap-anywhere min-w-0">{words}</p>
      </div>
      <ToLogIn />
    </Frame>
  );
}

function Broken() {
  return (
    <Frame title={t.linkBroken} intro={t.linkBrokenText}>
      <ToLogIn />
    </Frame>
  );
}

/** `/forgot-password` */
export function ForgotPage() {
  const [asked, setAsked] = useState("");
  const { busy, error, submit, field } = useSubmit(async (data) => {
    const email = text(data, "email").trim();
    await askToReset(email);
    setAsked(email);
  });
  if (asked) return <MailSent title={t.forgotSent} text={t.forgotSentText(asked)} />;
  return (
    <Frame title={t.forgotTitle} intro={t.forgotIntro}>
      <AuthForm submit={submit} busy={busy} error={error} action={t.forgotSend}>
        <AuthField label={t.email} error={field("email")} {...EMAIL} autoFocus />
      </AuthForm>
      <ToLogIn />
    </Frame>
  );
}

/** `/reset-password#token` */
export function ResetPage() {
  const token = useLinkToken();
  const [done, setDone] = useState("");
  const [differ, setDiffer] = useState(false);
  const { busy, error, submit, field } = useSubmit(async (data) => {
    const differs = text(data, "password") !== text(data, "again");
    setDiffer(differs);
    if (!differs) setDone(await resetPassword(token, text(data, "password")));
  });
  if (!token) return <Broken />;
  if (done) return <MailSent title={t.resetDone} text={t.resetDoneText(done)} />;
  return (
    <Frame title={t.resetTitle} intro={t.resetIntro}>
      <AuthForm submit={submit} busy={busy} error={error} action={t.reset}>
        <AuthField label={strings.account.passwordNew} error={field("password")} {...NEW_PASSWORD} autoFocus />
        <AuthField
          label={strings.account.passwordAgain}
          error={differ ? strings.account.passwordsDiffer : undefined}
          name="again"
          type="password"
          autoComplete="new-password"
        />
      </AuthForm>
      {error !== null && <AskAgain />}
      <ToLogIn />
    </Frame>
  );
}

/** `/confirm#token`: the password is asked for, so that nobody confirms what somebody else registered. */
export function ConfirmPage() {
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const { busy, error, submit, field } = useSubmit(async (data) => {
    await confirmRegistration(token, text(data, "password"));
    setDone(true);
  });
  if (done) return <Navigate to="/" replace />;
  if (!token) return <Broken />;
  return (
    <Frame title={t.confirmTitle} intro={t.confirmIntro}>
      <AuthForm submit={submit} busy={busy} error={error} action={t.confirm}>
        <AuthField label={t.password} error={field("password")} {...PASSWORD} autoFocus />
      </AuthForm>
      <ToLogIn />
    </Frame>
  );
}

interface OneButtonProps {
  title: string;
  intro: string;
  action: string;
  work(token: string): Promise<string>;
  done(email: string): ReactNode;
}

/** A link that does something: a button does it, for mail scanners follow links. */
function OneButton({ title, intro, action, work, done }: OneButtonProps) {
  const token = useLinkToken();
  const [email, setEmail] = useState("");
  const { busy, error, submit } = useSubmit(async () => setEmail(await work(token)));
  if (!token) return <Broken />;
  if (email) return done(email);
  return (
    <Frame title={title} intro={intro}>
      <AuthForm submit={submit} busy={busy} error={error} action={action} />
      <ToLogIn />
    </Frame>
  );
}

/** `/confirm-email#token` */
export function ConfirmEmailPage() {
  return (
    <OneButton
      title={t.emailTitle}
      intro={t.emailIntro}
      action={t.emailConfirm}
      work={confirmEmail}
      done={(email) => <MailSent title={t.emailDone} text={t.emailDoneText(email)} />}
    />
  );
}

/** `/undo-email#token` */
export function UndoEmailPage() {
  return (
    <OneButton
      title={t.undoTitle}
      intro={t.undoIntro}
      action={t.undo}
      work={undoEmail}
      done={(email) => <MailSent title={t.undoDone} text={t.undoDoneText(email)} />}
    />
  );
}
