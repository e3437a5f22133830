import { PRODUCTION, useEnvironments, useMapCredential, useMappings } from "../api/environments";
import { useCredentials } from "../api/queries";
import type { Credential } from "../api/types";
import { strings } from "../strings";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Form";
import { messageOf } from "../ui/message";
import { Select } from "../ui/Select";
import { Failed, LoadingRows } from "../ui/States";
import { toast } from "../ui/toasts";

const t = strings.environments;

/** Says which credential is opened in another's place, in each environment besides production. */
export function CredentialPlaces({ credential, onClose }: { credential: Credential; onClose(): void }) {
  const mappings = useMappings();
  const places = (useEnvironments().data ?? []).filter(({ key }) => key !== PRODUCTION);
  const others = (useCredentials().data ?? []).filter(
    (one) => one.type === credential.type && one.projectId === credential.projectId && one.id !== credential.id,
  );
  const map = useMapCredential(credential.id);
  const choose = async (environment: string, mappedId: string | null) => {
    try {
      await map.mutateAsync({ environment, mappedId });
      toast({ tone: "ok", title: t.mapped });
    } catch (error) {
      toast({ tone: "bad", title: t.notMapped, detail: messageOf(error).detail });
    }
  };
  const chosen = (environment: string) =>
    mappings.data?.find((one) => one.credentialId === credential.id && one.environment === environment)?.mappedId ?? "";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.mapTitle(credential.name)}
      description={t.mapText}
    >
      {mappings.isPending && <LoadingRows rows={places.length} />}
      {mappings.isError && <Failed error={mappings.error} onRetry={() => void mappings.refetch()} />}
      {mappings.isSuccess && (
        <div className="space-y-3 pb-4">
          {places.map((place) => (
            <Field key={place.key} label={t.mapIn(place.name)}>
              {(ids) => (
                <Select
                  {...ids}
                  value={chosen(place.key)}
                  onChange={(value) => void choose(place.key, value || null)}
                  options={[
                    { value: "", label: place.fallsBack ? t.mapFallback : t.mapNone },
                    { value: credential.id, label: t.mapSelf },
                    ...others.map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </Dialog>
  );
}
