import {
  Activity,
  BellRing,
  CalendarClock,
  ChartColumn,
  Database,
  House,
  KeyRound,
  LogOut,
  Monitor,
  Moon,
  Settings,
  Sun,
  UserCheck,
  Workflow,
} from "lucide-react";
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { NavLink, Outlet } from "react-router";
import { useOpenAlerts } from "../api/alerts";
import { keys, useApprovalsToDecide } from "../api/queries";
import { useReleasesToDecide } from "../api/releases";
import { logOut, useSession } from "../api/session";
import { useStaleOnNews } from "../live/news";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Logo } from "../ui/Logo";
import { type Theme, useTheme } from "../ui/theme";
import { WorkspaceMenu } from "./WorkspaceMenu";

const ALERTS = "/alerts";
const APPROVALS = "/approvals";
const LINKS: { to: string; label: string; icon: ReactNode }[] = [
  { to: "/", label: strings.nav.home, icon: <House size={17} /> },
  { to: "/workflows", label: strings.nav.workflows, icon: <Workflow size={17} /> },
  { to: "/executions", label: strings.nav.executions, icon: <Activity size={17} /> },
  { to: "/analytics", label: strings.nav.analytics, icon: <ChartColumn size={17} /> },
  { to: ALERTS, label: strings.nav.alerts, icon: <BellRing size={17} /> },
  { to: "/schedules", label: strings.nav.schedules, icon: <CalendarClock size={17} /> },
  { to: APPROVALS, label: strings.nav.approvals, icon: <UserCheck size={17} /> },
  { to: "/data", label: strings.nav.data, icon: <Database size={17} /> },
  { to: "/credentials", label: strings.nav.credentials, icon: <KeyRound size={17} /> },
];

/** The frame of the list pages: navigation at the side, at the bottom on a narrow screen. */
export function AppShell() {
  const user = useSession((session) => session.user);
  const counts: Record<string, { value: number; text: string }> = {};
  const alerts = useOpenAlerts();
  counts[ALERTS] = { value: alerts, text: strings.nav.openAlerts(alerts) };
  const toDecide = useApprovalsToDecide() + useReleasesToDecide();
  counts[APPROVALS] = { value: toDecide, text: strings.nav.openApprovals(toDecide) };
  useStaleOnNews(keys.approvals);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {strings.nav.skip}
      </a>
      <aside className="hidden w-56 shrink-0 flex-col border-line border-r bg-surface-2 md:flex">
        <div className="flex items-center gap-2.5 px-4 pt-5 pb-6">
          <Logo />
          <div className="min-w-0">
            <div className="font-semibold leading-tight tracking-tight">{strings.common.product}</div>
            <WorkspaceMenu className="text-ink-3 text-xs" />
          </div>
        </div>
        <nav aria-label={strings.nav.label} className="flex flex-1 flex-col gap-0.5 px-2">
          {LINKS.map((link) => (
            <NavLink
              key={link.to}
              to={link.to}
              end={link.to === "/"}
              className={({ isActive }) =>
                cx(
                  "flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-sm transition-colors",
                  isActive ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-surface-3 hover:text-ink",
                )
              }
            >
              {link.icon}
              {link.label}
              <Count of={counts[link.to]} className="ml-auto" />
            </NavLink>
          ))}
        </nav>
        <div className="space-y-3 border-line border-t p-3">
          <ThemeSwitch />
          <div className="flex items-center gap-2">
            <span
              aria-hidden
              className="flex size-7 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent text-xs"
            >
              {(user?.name || user?.email || "?").slice(0, 1).toUpperCase()}
            </span>
            <div className="min-w-0 flex-1">
              <div className="truncate font-medium text-xs">{user?.name}</div>
              <div className="truncate text-2xs text-ink-3">{user?.email}</div>
            </div>
            <SettingsLink />
            <IconButton label={strings.nav.logOut} onClick={() => void logOut()} small>
              <LogOut size={15} />
            </IconButton>
          </div>
        </div>
      </aside>
      <header className="flex items-center gap-2.5 border-line border-b bg-surface-2 px-4 py-2 md:hidden">
        <Logo size={24} />
        <div className="min-w-0 flex-1">
          <WorkspaceMenu className="font-semibold tracking-tight" />
        </div>
        <ThemeSwitch />
        <SettingsLink />
        <IconButton label={strings.nav.logOut} onClick={() => void logOut()}>
          <LogOut size={16} />
        </IconButton>
      </header>
      <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        <Outlet />
      </main>
      <nav
        aria-label={strings.nav.label}
        className="flex border-line border-t bg-surface-2 px-1 pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {LINKS.map((link) => (
          <NavLink
            key={link.to}
            to={link.to}
            end={link.to === "/"}
            className={({ isActive }) =>
              cx(
                "flex flex-auto flex-col items-center gap-0.5 py-2 font-medium text-2xs",
                isActive ? "text-accent" : "text-ink-3",
              )
            }
          >
            {({ isActive }) => (
              <>
                <span className="relative">
                  {link.icon}
                  <Count of={counts[link.to]} className="-top-1.5 absolute left-2.5" />
                </span>
                {/* Nine names do not fit side by side on a phone: there only the page's own is shown. */}
                <span className={cx(!isActive && "max-[560px]:sr-only")}>{link.label}</span>
              </>
            )}
          </NavLink>
        ))}
      </nav>
    </div>
  );
}

function SettingsLink() {
  return (
    <NavLink
      to="/settings"
      aria-label={strings.account.link}
      title={strings.account.link}
      className={({ isActive }) =>
        cx(
          "flex size-6 shrink-0 items-center justify-center rounded-md transition-colors",
          isActive ? "bg-accent-soft text-accent" : "text-ink-2 hover:bg-surface-3 hover:text-ink",
        )
      }
    >
      <Settings size={15} aria-hidden />
    </NavLink>
  );
}

/** How many things wait for whoever looks; nothing when none do. */
function Count({ of, className }: { of: { value: number; text: string } | undefined; className: string }) {
  if (!of || of.value === 0) return null;
  return (
    <span
      className={cx(
        "tabular min-w-4.5 rounded-full bg-accent px-1 text-center font-semibold text-2xs text-on-accent leading-4.5",
        className,
      )}
    >
      <span aria-hidden>{of.value > 99 ? "99+" : of.value}</span>
      <span className="sr-only">{of.text}</span>
    </span>
  );
}

const THEMES: { value: Theme; icon: ReactNode }[] = [
  { value: "light", icon: <Sun size={14} /> },
  { value: "system", icon: <Monitor size={14} /> },
  { value: "dark", icon: <Moon size={14} /> },
];

export function ThemeSwitch() {
  const { theme, setTheme } = useTheme();
  return (
    <ToggleGroup.Root
      type="single"
      value={theme}
      onValueChange={(value) => value && setTheme(value as Theme)}
      aria-label={strings.nav.themeLabel}
      className="inline-flex rounded-md bg-surface-3 p-0.5"
    >
      {THEMES.map(({ value, icon }) => (
        <ToggleGroup.Item
          key={value}
          value={value}
          aria-label={strings.nav.theme[value]}
          className="flex h-6 w-7 items-center justify-center rounded-sm text-ink-3 hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-xs"
        >
          {icon}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
