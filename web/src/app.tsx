import { QueryClientProvider } from "@tanstack/react-query";
import { Toast, Tooltip } from "radix-ui";
import { createBrowserRouter, RouterProvider } from "react-router";
import { createQueryClient } from "./api/queries";
import { AppShell } from "./pages/AppShell";
import { CrashPage } from "./pages/CrashPage";
import { RequireSession } from "./pages/RequireSession";
import { strings } from "./strings";
import { patientPage } from "./ui/patient";
import { LoadingPage } from "./ui/States";
import { Toaster } from "./ui/Toaster";

const client = createQueryClient();

const router = createBrowserRouter([
  {
    errorElement: <CrashPage alone />,
    hydrateFallbackElement: <LoadingPage />,
    children: [
      { path: "/login", lazy: patientPage(async () => (await import("./pages/AuthPage")).LogInPage) },
      {
        path: "/forgot-password",
        lazy: patientPage(async () => (await import("./pages/RecoverPages")).ForgotPage),
      },
      { path: "/reset-password", lazy: patientPage(async () => (await import("./pages/RecoverPages")).ResetPage) },
      { path: "/confirm", lazy: patientPage(async () => (await import("./pages/RecoverPages")).ConfirmPage) },
      {
        path: "/confirm-email",
        lazy: patientPage(async () => (await import("./pages/RecoverPages")).ConfirmEmailPage),
      },
      { path: "/undo-email", lazy: patientPage(async () => (await import("./pages/RecoverPages")).UndoEmailPage) },
      {
        path: "/invitation",
        lazy: patientPage(async () => (await import("./pages/InvitationPage")).InvitationPage),
      },
      {
        path: "/status/:token",
        lazy: patientPage(async () => (await import("./pages/alerts/PublicStatusPage")).PublicStatusPage),
      },
      { path: "/register", lazy: patientPage(async () => (await import("./pages/AuthPage")).RegisterPage) },
      {
        element: <RequireSession />,
        children: [
          {
            element: <AppShell />,
            children: [
              {
                errorElement: <CrashPage />,
                children: [
                  { index: true, lazy: patientPage(async () => (await import("./pages/HomePage")).HomePage) },
                  {
                    path: "/schedules",
                    lazy: patientPage(async () => (await import("./pages/SchedulesPage")).SchedulesPage),
                  },
                  {
                    path: "/workflows",
                    lazy: patientPage(async () => (await import("./pages/WorkflowsPage")).WorkflowsPage),
                  },
                  {
                    path: "/templates",
                    lazy: patientPage(async () => (await import("./pages/templates/TemplatesPage")).TemplatesPage),
                  },
                  {
                    path: "/templates/:id",
                    lazy: patientPage(async () => (await import("./pages/templates/TemplatePage")).TemplatePage),
                  },
                  {
                    path: "/executions",
                    lazy: patientPage(async () => (await import("./pages/executions/ExecutionsPage")).ExecutionsPage),
                  },
                  {
                    path: "/analytics",
                    lazy: patientPage(async () => (await import("./pages/analytics/AnalyticsPage")).AnalyticsPage),
                  },
                  {
                    path: "/alerts",
                    lazy: patientPage(async () => (await import("./pages/alerts/AlertsPage")).AlertsPage),
                  },
                  {
                    path: "/approvals",
                    lazy: patientPage(async () => (await import("./pages/ApprovalsPage")).ApprovalsPage),
                  },
                  {
                    path: "/approvals/:id",
                    lazy: patientPage(async () => (await import("./pages/ApprovalPage")).ApprovalPage),
                  },
                  {
                    path: "/credentials",
                    lazy: patientPage(async () => (await import("./pages/CredentialsPage")).CredentialsPage),
                  },
                  {
                    path: "/data",
                    lazy: patientPage(async () => (await import("./pages/store/DataPage")).DataPage),
                  },
                  {
                    path: "/data/tables/:id",
                    lazy: patientPage(async () => (await import("./pages/store/TablePage")).TablePage),
                  },
                  {
                    path: "/data/keys/:store",
                    lazy: patientPage(async () => (await import("./pages/store/KeysPage")).KeysPage),
                  },
                  {
                    path: "/data/memory",
                    lazy: patientPage(async () => (await import("./pages/memory/MemoryPage")).MemoryPage),
                  },
                  {
                    path: "/data/memory/:id",
                    lazy: patientPage(async () => (await import("./pages/memory/TalkPage")).TalkPage),
                  },
                  {
                    path: "/settings",
                    lazy: patientPage(async () => (await import("./pages/settings/SettingsPage")).SettingsPage),
                  },
                  {
                    path: "/settings/sign-in",
                    lazy: patientPage(async () => (await import("./pages/settings/SignInPage")).SignInPage),
                  },
                  {
                    path: "/settings/security",
                    lazy: patientPage(async () => (await import("./pages/settings/SecurityPage")).SecurityPage),
                  },
                  {
                    path: "/settings/members",
                    lazy: patientPage(async () => (await import("./pages/settings/MembersPage")).MembersPage),
                  },
                  {
                    path: "/settings/projects",
                    lazy: patientPage(async () => (await import("./pages/settings/ProjectsPage")).ProjectsPage),
                  },
                  {
                    path: "/settings/apis",
                    lazy: patientPage(async () => (await import("./pages/settings/ApisPage")).ApisPage),
                  },
                  {
                    path: "/settings/audit",
                    lazy: patientPage(async () => (await import("./pages/settings/AuditPage")).AuditPage),
                  },
                  {
                    path: "/settings/keys",
                    lazy: patientPage(async () => (await import("./pages/settings/ApiKeysPage")).ApiKeysPage),
                  },
                  {
                    path: "/settings/usage",
                    lazy: patientPage(async () => (await import("./pages/settings/UsagePage")).UsagePage),
                  },
                  {
                    path: "/settings/prices",
                    lazy: patientPage(async () => (await import("./pages/settings/PricesPage")).PricesPage),
                  },
                  {
                    path: "/settings/environments",
                    lazy: patientPage(async () => (await import("./pages/settings/EnvironmentsPage")).EnvironmentsPage),
                  },
                  {
                    path: "/settings/variables",
                    lazy: patientPage(async () => (await import("./pages/settings/VariablesPage")).VariablesPage),
                  },
                  { path: "*", lazy: patientPage(async () => (await import("./pages/NotFoundPage")).NotFoundPage) },
                ],
              },
            ],
          },
          { path: "/chat-entry", lazy: patientPage(async () => (await import("./pages/ChatEntryPage")).ChatEntryPage) },
          {
            path: "/workflows/:id",
            errorElement: <CrashPage alone />,
            lazy: patientPage(async () => (await import("./editor/EditorPage")).EditorPage),
          },
          {
            path: "/executions/:id",
            errorElement: <CrashPage alone />,
            lazy: patientPage(async () => (await import("./run/ExecutionPage")).ExecutionPage),
          },
        ],
      },
    ],
  },
]);

export function App() {
  return (
    <QueryClientProvider client={client}>
      <Tooltip.Provider delayDuration={350} skipDelayDuration={200}>
        <Toast.Provider label={strings.common.product} swipeDirection="right">
          <RouterProvider router={router} />
          <Toaster />
        </Toast.Provider>
      </Tooltip.Provider>
    </QueryClientProvider>
  );
}
