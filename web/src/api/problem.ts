/** What went wrong with a request: the API's problem documents (RFC 9457), and what never reached the API. */

import { strings } from "../strings";

export interface FieldProblem {
  field: string;
  message: string;
}

/** `slow`: no answer in time. `garbled`: an answer, but not of this API. `newer`: of a version this app does not know. */
export type ApiErrorKind = "problem" | "offline" | "slow" | "garbled" | "newer" | "signedOut";

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly status: number;
  /** Stable, for programs: `stale_revision`. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly fields: FieldProblem[];
  /** The whole problem document. */
  readonly body: Record<string, unknown>;

  constructor(kind: ApiErrorKind, status: number, body: Record<string, unknown>) {
    const title = titleOf(text(body.code)) || text(body.title) || fallbackTitle(kind, status);
    const detail = text(body.detail) || fallbackDetail(kind, status);
    super(detail || title);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.code = text(body.code);
    this.title = title;
    this.detail = detail;
    this.fields = fieldsOf(body.errors);
    this.body = body;
  }

  /** An answer to `route` ("GET /api/me") that is not what was asked for; `wrong` is where in it. */
  static garbled(status: number, route: string, wrong?: string): ApiError {
    const detail = strings.errors.garbledAt(route, wrong);
    return new ApiError("garbled", status, { detail });
  }

  /** Whether the same request may work a moment later. */
  get passing(): boolean {
    return this.unanswered || this.status === 429;
  }

  /** Whether the API may have done what it was asked to without saying so. */
  get unanswered(): boolean {
    return this.kind === "offline" || this.kind === "slow" || this.status >= 500;
  }

  messageFor(field: string): string | undefined {
    return this.fields.find((entry) => entry.field === field || entry.field.endsWith(`.${field}`))?.message;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What this app calls a refusal; empty for a code that it does not know. */
function titleOf(code: string): string {
  const { problems } = strings;
  return Object.hasOwn(problems, code) ? problems[code as keyof typeof problems] : "";
}

function fieldsOf(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { field, message } = entry as Record<string, unknown>;
    return [{ field: text(field), message: text(message) }];
  });
}

function fallbackTitle(kind: ApiErrorKind, status: number): string {
  if (kind === "offline") return strings.errors.offline;
  if (kind === "slow") return strings.errors.slow;
  if (kind === "newer") return strings.errors.newer;
  if (kind === "garbled") return strings.errors.garbled;
  if (kind === "signedOut") return strings.errors.signedOut;
  return status >= 500 ? strings.errors.server : strings.errors.refused(status);
}

function fallbackDetail(kind: ApiErrorKind, status: number): string {
  if (kind === "offline") return strings.errors.offlineDetail;
  if (kind === "slow") return strings.errors.slowDetail;
  if (kind === "garbled") return strings.errors.garbledDetail;
  if (kind === "signedOut") return strings.errors.signedOutDetail;
  return status >= 500 ? strings.errors.serverDetail : "";
}

/** Returns the response when it is what was asked for; throws an `ApiError` otherwise. */
export async function checked(response: Response): Promise<Response> {
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  if (!response.ok) {
    const body: unknown = isJson ? await response.json().catch(() => undefined) : undefined;
    const isObject = typeof body === "object" && body !== null;
    throw new ApiError("problem", response.status, isObject ? (body as Record<string, unknown>) : {});
  }
  if (response.status !== 204 && !isJson) {
    throw new ApiError("garbled", response.status, {});
  }
  return response;
}
