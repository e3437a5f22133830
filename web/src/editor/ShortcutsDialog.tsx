import { strings } from "../strings";
import { Dialog } from "../ui/Dialog";
import { Kbd } from "../ui/Kbd";

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={strings.editor.shortcuts}>
      <div className="grid gap-x-10 gap-y-5 pb-4 sm:grid-cols-2">
        {strings.shortcuts.map(({ group, entries }) => (
          <section key={group}>
            <h3 className="mb-1.5 font-medium text-ink-3 text-xs">{group}</h3>
            <dl className="divide-y divide-line">
              {entries.map(([keys, what]) => (
                <div key={keys} className="flex items-center justify-between py-1.5 text-sm">
                  <dt>{what}</dt>
                  <dd className="rounded-sm bg-surface-3 px-1.5 py-0.5">
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
