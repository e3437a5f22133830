import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { testCredential } from "../api/credentials";
import { keys } from "../api/queries";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Field, Input } from "../ui/Form";
import { messageOf } from "../ui/message";

const t = strings.oauth2;

/** The form is long, and the button stands at its end. */
const intoView = (element: HTMLElement | null) => element?.scrollIntoView({ block: "nearest" });

interface TestCredentialProps {
  id: string;
  isChanged: boolean;
  /** It was saved a moment ago, and trying it out is what comes next. */
  isNext?: boolean;
  /** Of a store: a secret may be tried, too. */
  isStore?: boolean;
}

/** Tries a credential out, as it is stored, and says what came of it. */
export function TestCredential({ id, isChanged, isNext = false, isStore = false }: TestCredentialProps) {
  const queries = useQueryClient();
  const [path, setPath] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isNext) button.current?.focus();
  }, [isNext]);
  const test = useMutation({
    mutationFn: () => testCredential(id, path.trim()),
    // The test may have found that the provider ended its access.
    onSettled: () => queries.invalidateQueries({ queryKey: keys.credentials }),
  });
  const works = test.data?.works ?? false;
  const words = test.data?.message ?? (test.error ? messageOf(test.error).detail : "");
  return (
    <div className="space-y-2">
      {isStore && (
        <Field label={strings.credentials.tryPath} help={strings.credentials.tryPathHelp}>
          {(ids) => (
            <Input
              {...ids}
              value={path}
              maxLength={2000}
              placeholder="prod/shop#password"
              className="font-mono"
              disabled={isChanged}
              onChange={(event) => setPath(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                // The form around it would be saved.
                event.preventDefault();
                test.mutate();
              }}
            />
          )}
        </Field>
      )}
      <Button
        ref={button}
        size="sm"
        icon={<FlaskConical size={14} />}
        busy={test.isPending}
        disabled={isChanged}
        onClick={() => test.mutate()}
      >
        {test.isPending ? t.testing : t.test}
      </Button>
      {isChanged && <span className="ml-2 text-ink-3 text-xs">{t.saveFirst}</span>}
      {isNext && !isChanged && test.isIdle && <span className="ml-2 text-ink-3 text-xs">{t.savedNow}</span>}
      {!test.isPending && words && (
        <p
          ref={intoView}
          role={works ? "status" : "alert"}
          className={cx(
            "scroll-mb-4 break-words rounded-md px-3 py-2 text-sm",
            works ? "bg-ok-soft text-ok" : "bg-bad-soft text-bad",
          )}
        >
          {words}
        </p>
      )}
    </div>
  );
}
