/** Every word that the app shows, in one catalogue. A translation is another object of this shape. */

import { account } from "./account";
import { alerts } from "./alerts";
import { analytics } from "./analytics";
import { apis } from "./apis";
import { approvals } from "./approvals";
import { audit } from "./audit";
import { canvas, commands, connecting } from "./canvas";
import { chat } from "./chat";
import { auth, common, errors, nav, status, triggers } from "./common";
import { curl } from "./curl";
import { data } from "./data";
import { debug } from "./debug";
import { editor, fields, findingMessage, refusals, settings } from "./editor";
import { environments } from "./environments";
import { factors } from "./factors";
import { home, schedules, triggerState } from "./home";
import { keys } from "./keys";
import { leaving } from "./leaving";
import { listening } from "./listening";
import { credentials, executions, workflows } from "./lists";
import { memory } from "./memory";
import { oauth2 } from "./oauth2";
import { options } from "./options";
import { organising } from "./organising";
import { parts, workflowSelect } from "./parts";
import { people } from "./people";
import { plan } from "./plan";
import { prices } from "./prices";
import { problems } from "./problems";
import { projects } from "./projects";
import { releases } from "./releases";
import { retention } from "./retention";
import { run } from "./run";
import { safety } from "./safety";
import { shortcuts } from "./shortcuts";
import { signIn } from "./signIn";
import { spending } from "./spending";
import { store } from "./store";
import { templates } from "./templates";
import { tour } from "./tour";
import { triggerChecks } from "./triggerChecks";
import { upgrades } from "./upgrades";
import { usage } from "./usage";
import { variables } from "./variables";
import { versions } from "./versions";

export const strings = {
  common,
  debug,
  errors,
  problems,
  alerts,
  analytics,
  apis,
  plan,
  retention,
  prices,
  projects,
  variables,
  environments,
  releases,
  nav,
  auth,
  factors,
  signIn,
  status,
  triggers,
  workflows,
  organising,
  executions,
  credentials,
  keys,
  leaving,
  listening,
  chat,
  curl,
  oauth2,
  options,
  approvals,
  people,
  audit,
  editor,
  settings,
  fields,
  refusals,
  findingMessage,
  memory,
  spending,
  run,
  usage,
  data,
  home,
  schedules,
  triggerState,
  triggerChecks,
  canvas,
  commands,
  connecting,
  parts,
  workflowSelect,
  shortcuts,
  upgrades,
  versions,
  templates,
  tour,
  account,
  store,
  safety,
};
