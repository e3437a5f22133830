import { Popover } from "radix-ui";
import { useCallback } from "react";
import { inputPorts, type NodeType } from "../graph/catalogue";
import { strings } from "../strings";
import { addNode } from "./actions";
import { PaletteList } from "./PaletteList";
import { openPicker, type PickerRequest, useEditor } from "./store";

/** The palette as a popover, where somebody pressed "+" or dropped a connection. */
export function NodePicker() {
  const picker = useEditor((state) => state.picker);
  const mustTakeInput = Boolean(picker?.from || picker?.edgeId);
  const mustGiveOutput = Boolean(picker?.into || picker?.edgeId);
  const triggers = picker?.triggers ?? false;
  const allow = useCallback(
    (entry: NodeType) => {
      if (triggers) return Boolean(entry.trigger);
      if (mustTakeInput && inputPorts(entry).length === 0) return false;
      return !(mustGiveOutput && entry.outputs.length === 0);
    },
    [triggers, mustTakeInput, mustGiveOutput],
  );
  if (!picker) return null;
  return (
    <Popover.Root open onOpenChange={(open) => !open && openPicker(null)}>
      <Popover.Anchor asChild>
        <span className="pointer-events-none fixed size-px" style={{ left: picker.x, top: picker.y }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          side="right"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label={strings.editor.palette}
          className="z-40 flex h-[min(420px,80dvh)] w-72 animate-pop flex-col rounded-xl border border-line bg-surface pt-3 shadow-lg"
        >
          <PaletteList
            autoFocus
            allow={allow}
            onPick={(choice) => {
              addNode(choice.entry, picker, choice);
              openPicker(null);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Opens the palette in the middle of the window, unconnected to a port. */
export function openPickerInMiddle(request: Partial<PickerRequest> = {}): void {
  openPicker({ ...request, x: window.innerWidth / 2 - 144, y: Math.max(72, window.innerHeight / 2 - 220) });
}
