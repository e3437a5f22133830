import { confirmMe, confirmMeByPasskey, type Factors } from "../../api/factors";
import { hasPasskeys } from "../../api/passkeys";
import { ApiError } from "../../api/problem";
import { strings } from "../../strings";
import { Dialog } from "../../ui/Dialog";
import { ProofForm, type Way } from "./ProofForm";

const t = strings.factors;

/** Whether the API wants to know once more who asks. */
export const needsConfirmation = (error: unknown) => error instanceof ApiError && error.code === "confirmation_needed";

/** Asks who one is, before one changes how one logs in. */
export function ConfirmMe({ factors, onDone, onClose }: { factors: Factors; onDone(): void; onClose(): void }) {
  const ways: Way[] = [];
  if (factors.hasApp) ways.push("code");
  if (factors.passkeys.length > 0 && hasPasskeys()) ways.push("passkey");
  if (factors.recoveryCodesLeft > 0 && (factors.hasApp || factors.passkeys.length > 0)) ways.push("recoveryCode");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.confirmTitle} description={t.confirmText}>
      <div className="pt-1 pb-3">
        <ProofForm
          ways={ways.length > 0 ? ways : ["password"]}
          give={async (proof) => {
            await confirmMe(proof);
            onDone();
          }}
          givePasskey={async () => {
            await confirmMeByPasskey();
            onDone();
          }}
        />
      </div>
    </Dialog>
  );
}
