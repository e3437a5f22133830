import { type RefObject, useEffect, useRef, useState } from "react";

/**
 * Puts the focus on the first field of a form that is wrong, which may be out of sight: whenever the server refuses
 * (`error`), and each time that the returned function is called for what the form found itself.
 */
export function useFocusOnWrong(error: unknown): [RefObject<HTMLFormElement | null>, () => void] {
  const form = useRef<HTMLFormElement>(null);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    if (error || looks) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [error, looks]);
  return [form, () => setLooks((count) => count + 1)];
}
