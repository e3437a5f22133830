import type { ReactNode } from "react";
import { logOut, useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Logo } from "../../ui/Logo";
import { FactorsPanel } from "./FactorsPanel";
import { IdentityRow } from "./IdentityRow";

const t = strings.factors;

/** In the place of the app, for whom the workspace asks for a second factor. */
export function SetUpFactor() {
  const tenant = useSession((session) => session.tenant?.name ?? "");
  return (
    <Alone title={t.mustTitle} text={t.mustText(tenant)}>
      <FactorsPanel />
    </Alone>
  );
}

/** In the place of the app, where the workspace lets its members in by its provider only. */
export function UseProvider() {
  const tenant = useSession((session) => session.tenant);
  const start = `/api/auth/oidc/start?${new URLSearchParams({ workspace: tenant?.slug ?? "" })}`;
  return (
    <Alone title={strings.signIn.mustTitle} text={strings.signIn.mustText(tenant?.name ?? "")}>
      <IdentityRow />
      <Button variant="primary" className="mt-4 h-9 w-full" onClick={() => window.location.assign(start)}>
        {strings.signIn.mustTitle}
      </Button>
    </Alone>
  );
}

function Alone({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-full w-full max-w-xl flex-col px-4 py-8">
      <div className="flex items-center gap-2.5">
        <Logo />
        <span className="flex-1 font-semibold text-lg tracking-tight">{strings.common.product}</span>
        <Button variant="quiet" onClick={() => void logOut()}>
          {strings.nav.logOut}
        </Button>
      </div>
      <div className="my-auto py-10">
        <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
        <p className="mt-1 mb-6 text-ink-2">{text}</p>
        {children}
      </div>
    </main>
  );
}
