/** Short messages in the corner. A store of their own, so that code outside React can show one. */

import { create } from "zustand";
import { messageOf } from "./message";

export interface Toast {
  id: number;
  tone: "ok" | "bad" | "info";
  title: string;
  detail?: string | undefined;
  action?: { label: string; run(): void } | undefined;
}

let last = 0;

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

/** Shows a message; returns what it is taken away by. */
export function toast(entry: Omit<Toast, "id">): number {
  last += 1;
  const id = last;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { ...entry, id }] }));
  return id;
}

/** Says what was not done, and why. */
export function sayFailed(title: string, error: unknown): void {
  const { title: what, detail } = messageOf(error);
  toast({ tone: "bad", title, detail: detail || what });
}

export function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((entry) => entry.id !== id) }));
}
