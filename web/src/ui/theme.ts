import { create } from "zustand";

export type Theme = "light" | "dark" | "system";

const KEY = "stepweave.theme";

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

const systemDark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;

function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme === "dark" || (theme === "system" && systemDark()) ? "dark" : "light";
}

export const useTheme = create<{ theme: Theme; setTheme(theme: Theme): void }>((set) => ({
  theme: stored(),
  setTheme(theme) {
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Storage is full or off limits: the choice holds for this tab.
    }
    show(theme);
    set({ theme });
  },
}));

/** Follows the system while the choice is `system`. */
export function followSystemTheme(): void {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(useTheme.getState().theme));
}
