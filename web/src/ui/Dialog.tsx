import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { strings } from "../strings";
import { IconButton } from "./Button";
import { cx } from "./cx";

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
  /** The dialog asks something that must be answered: no cross, no closing by Escape or a click outside. */
  mustAnswer?: boolean;
}

export function Dialog({ open, onOpenChange, title, description, children, footer, wide, mustAnswer }: DialogProps) {
  const keep = (event: Event) => {
    if (mustAnswer) event.preventDefault();
  };
  const onEscape = (event: KeyboardEvent) => {
    keep(event);
    leaveToCompletion(event);
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-overlay" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusContent}
          onEscapeKeyDown={onEscape}
          onInteractOutside={keep}
          className={cx(
            "fixed top-1/2 left-1/2 z-40 flex max-h-[88dvh] w-[calc(100vw-24px)] -translate-x-1/2 -translate-y-1/2 animate-pop flex-col rounded-xl border border-line bg-surface shadow-lg",
            wide ? "max-w-3xl" : "max-w-md",
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Radix.Title className="wrap-anywhere font-semibold text-ink text-lg">{title}</Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <div className="wrap-anywhere mt-0.5 text-ink-2 text-sm">{description}</div>
                </Radix.Description>
              )}
            </div>
            {!mustAnswer && (
              <Radix.Close asChild>
                <IconButton label={strings.common.close} className="-mr-2">
                  <X size={16} />
                </IconButton>
              </Radix.Close>
            )}
          </header>
          {children && <div className="min-h-0 flex-1 overflow-y-auto px-5 py-2">{children}</div>}
          {footer && <footer className="flex flex-wrap justify-end gap-2 px-5 pt-3 pb-4">{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Escape closes the list of a code editor first, where one is open; the dialog around it stays. */
export function leaveToCompletion(event: KeyboardEvent): void {
  if (document.querySelector(".cm-tooltip-autocomplete")) event.preventDefault();
}

/** Focus goes to the first field, else to the dialog itself: never to the cross, whose tooltip would pop up. */
function focusContent(event: Event): void {
  event.preventDefault();
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement) || content.contains(document.activeElement)) return;
  (content.querySelector<HTMLElement>("input, textarea") ?? content).focus();
}

function focusPanel(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

interface SheetProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  /** Whether its first field gets the focus; else the panel does: what is read first should not bring up a keyboard. */
  writing?: boolean;
  children: ReactNode;
}

/** A panel that comes up from the bottom: what side panels are on a narrow screen. */
export function Sheet({ open, onOpenChange, title, writing = true, children }: SheetProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 animate-appear bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={writing ? focusContent : focusPanel}
          className="fixed inset-x-0 bottom-0 z-30 flex h-[82dvh] animate-slide-up flex-col overflow-hidden rounded-t-xl border-line border-t bg-surface shadow-lg outline-none"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          <Radix.Close
            aria-label={strings.common.close}
            className="mx-auto mt-2 mb-1 h-1.5 w-10 shrink-0 rounded-full bg-line-strong"
          />
          <div className="flex min-h-0 flex-1 flex-col">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
