import { askPasskey, hasPasskeys } from "../../api/passkeys";
import { ApiError } from "../../api/problem";
import { enter, passkeyOptions } from "../../api/session";
import { ProofForm, type Way } from "./ProofForm";

/** A log-in that asks for a second factor. */
export interface Asked {
  challenge: string;
  ways: Way[];
}

/** What a refused log-in asks for; null where it was refused for another reason. */
export function askedOf(error: unknown): Asked | null {
  if (!(error instanceof ApiError) || error.code !== "second_factor_needed") return null;
  const { challenge, ways } = error.body;
  const known = Array.isArray(ways) ? (ways as Way[]).filter((way) => way !== "passkey" || hasPasskeys()) : [];
  return { challenge: String(challenge), ways: known };
}

/** Asks for the second factor of a log-in, and goes on with it. */
export function SecondFactor({ asked: { challenge, ways }, onExpired }: { asked: Asked; onExpired(): void }) {
  const tried = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof ApiError && error.code === "challenge_expired") onExpired();
      throw error;
    }
  };
  return (
    <ProofForm
      ways={ways}
      give={(proof) => tried(() => enter("/auth/second-factor", { challenge, ...proof }))}
      givePasskey={() =>
        tried(async () => {
          const options = await passkeyOptions("/auth/second-factor/options", { challenge });
          await enter("/auth/second-factor", { challenge, passkey: await askPasskey(options) });
        })
      }
    />
  );
}

/** Logs in with a passkey alone. */
export async function logInWithPasskey(): Promise<void> {
  const options = await passkeyOptions("/auth/passkey/options");
  await enter("/auth/passkey", { passkey: await askPasskey(options) });
}
