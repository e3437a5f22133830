import { CircleCheck, CircleX, Info, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { strings } from "../strings";
import { Button, IconButton } from "./Button";
import { dismiss, type Toast, useToasts } from "./toasts";

const ICONS = {
  ok: <CircleCheck size={16} className="mt-0.5 text-ok" aria-hidden />,
  bad: <CircleX size={16} className="mt-0.5 text-bad" aria-hidden />,
  info: <Info size={16} className="mt-0.5 text-busy" aria-hidden />,
};

function ToastCard({ entry }: { entry: Toast }) {
  return (
    <Radix.Root
      duration={entry.tone === "bad" ? 9000 : 4500}
      onOpenChange={(open) => !open && dismiss(entry.id)}
      className="flex animate-slide-up gap-2.5 rounded-lg border border-line bg-surface p-3 shadow-lg"
    >
      {ICONS[entry.tone]}
      <div className="min-w-0 flex-1">
        <Radix.Title className="font-medium text-sm">{entry.title}</Radix.Title>
        {entry.detail && (
          <Radix.Description className="mt-0.5 break-words text-ink-2 text-xs">{entry.detail}</Radix.Description>
        )}
        {entry.action && (
          <Radix.Action asChild altText={entry.action.label}>
            <Button size="sm" className="mt-2" onClick={entry.action.run}>
              {entry.action.label}
            </Button>
          </Radix.Action>
        )}
      </div>
      <Radix.Close asChild>
        <IconButton label={strings.common.close} small>
          <X size={14} />
        </IconButton>
      </Radix.Close>
    </Radix.Root>
  );
}

export function Toaster() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <>
      {toasts.map((entry) => (
        <ToastCard key={entry.id} entry={entry} />
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-[min(360px,calc(100vw-32px))] flex-col gap-2 outline-none" />
    </>
  );
}
