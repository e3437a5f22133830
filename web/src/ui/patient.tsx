import { RotateCw } from "lucide-react";
import { type ComponentType, createElement, useCallback, useEffect, useState } from "react";
import { strings } from "../strings";
import { Button } from "./Button";
import { cx } from "./cx";

type Loaded<Props> = { default: ComponentType<Props> };
type Load<Props> = () => Promise<Loaded<Props>>;

/**
 * For `lazy`: loads a part of the app, and where that fails (no connection, or the app was updated on the server) shows
 * so in its place, with a way to try again. Without it the whole page would break, for `lazy` loads only once.
 */
export function patient<Props extends object>(load: Load<Props>, className = ""): Promise<Loaded<Props>> {
  const retrying = (props: Props) => createElement(Retrying<Props>, { load, props, className });
  return load().catch(() => ({ default: retrying }));
}

/** The same for `lazy` of a route, which loads only once too. */
export function patientPage(load: () => Promise<ComponentType>): () => Promise<{ Component: ComponentType }> {
  const loaded = async () => ({ default: await load() });
  return async () => ({ Component: (await patient(loaded, "mx-auto mt-8 w-full max-w-xl p-4")).default });
}

interface RetryingProps<Props> {
  load: Load<Props>;
  props: Props;
  className: string;
}

function Retrying<Props extends object>({ load, props, className }: RetryingProps<Props>) {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const again = useCallback(async () => {
    setBusy(true);
    try {
      const { default: loaded } = await load();
      setPart(() => loaded);
    } catch {
      setFailed(true);
    }
    setBusy(false);
  }, [load]);
  // What failed once may be there when it is needed the next time.
  useEffect(() => void again(), [again]);
  if (Part) return <Part {...props} />;
  if (!failed) return null;
  return (
    <div role="alert" className={cx("flex flex-wrap items-center gap-2 rounded-md bg-bad-soft p-2 text-sm", className)}>
      <span className="min-w-0 flex-1 basis-48">
        <span className="font-medium">{strings.safety.partFailed}.</span> {strings.safety.partFailedDetail}
      </span>
      <Button size="sm" icon={<RotateCw size={13} />} busy={busy} onClick={() => void again()}>
        {strings.common.retry}
      </Button>
    </div>
  );
}
