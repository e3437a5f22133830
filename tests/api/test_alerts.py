"""Alerts over HTTP, with the alerter beside: what opens, goes on and is over, who hears of it, and who sees it."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from functions.system.alerter.alerting import Alerting
from stepweave_data.alerting.delivering import GIVE_UP, Delivering
from stepweave_data.alerting.sending import Sender
from tests.api.conftest import World
from tests.api.test_analytics import Past
from tests.api.test_examples import created, orders, well
from tests.api.test_people import joined
from tests.api.test_routes import is_problem
from tests.fixtures.servers import Databases

ERROR = {"type": "NotThere", "message": "Row 7 is not there", "retryable": False}
MINUTE = timedelta(minutes=1)
ORIGIN = "https://app.example"


@pytest.fixture
def past(databases: Databases) -> Iterator[Past]:
    made = Past(databases)
    yield made
    made.history.close()
    made.link.close()


class Watch:
    """A workspace whose rules look. Its clock begins a little before the real one and goes by steps."""

    def __init__(self, world: World, past: Past, client: TestClient | None = None) -> None:
        self.world, self.past = world, past
        self.client = client or world.person()
        self.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)
        self.me = well(self.client.get("/api/me"))
        sender = Sender(world.mails, self.start, ORIGIN)
        self.alerting = Alerting(past.link, Delivering(past.link, lambda: world.keys, sender))
        self.workflow = created(self.client, orders())
        self.answers: dict[str, Any] = {"executionId": "x"}

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        self.world.asked.append(request)
        return self.answers

    def rule(self, kind: str = "failure", *, status: int = 201, **more: Any) -> Any:
        """Make a rule that has looked since the clock's beginning, and tells whoever makes it by mail."""
        names = ("name", "projectId", "workflowId", "byFault", "throttleMinutes", "remindMinutes", "targets", "enabled")
        condition = {"kind": kind, **{key: value for key, value in more.items() if key not in names}}
        body = {"name": kind, "condition": condition, "targets": [self.mail()]}
        body |= {key: value for key, value in more.items() if key in names}
        found = well(self.client.post("/api/alert-rules", json=body), status)
        if status == 201:
            self.arm(found["id"])
        return found

    def arm(self, rule_id: str) -> None:
        query = b"UPDATE alert_rules SET armed_at = %s WHERE id = %s"
        self.past.link.tenant(self.me["tenant"]["id"], lambda it: it.execute(query, (self.now, rule_id)))

    def set_back(self) -> None:
        """Have what the API did a moment ago be done at the clock's time."""

        def work(connection: Any) -> None:
            connection.execute("UPDATE alerts SET told_at = %s, resolved_at = %s", (self.now, self.now))
            connection.execute("UPDATE alert_deliveries SET next_at = %s", (self.now,))

        self.past.link.tenant(self.me["tenant"]["id"], work)

    def mail(self) -> dict[str, Any]:
        return {"kind": "mail", "userIds": [self.me["user"]["id"]]}

    def runs(self, *, fails: bool = False, workflow: str = "", seconds: float = 1, **more: Any) -> str:
        """Have an execution end now; nobody has looked yet."""
        error = more.pop("error", ERROR) if fails else None
        return self.past.run(self.client, workflow or self.workflow, self.now, seconds, error=error, **more)

    def look(self, after: timedelta = MINUTE) -> int:
        """Let time go by, and the alerter look; return how many messages were said."""
        self.now += after
        self.past.count()
        before = self.said
        self.alerting.sweep(self.now)
        return self.said - before

    @property
    def said(self) -> int:
        return len(self.mails)

    @property
    def mails(self) -> list[tuple[str, str, str]]:
        return [one for one in self.world.mails.sent if one[0] == self.me["user"]["email"] and "[Stepweave]" in one[1]]

    def alerts(self, state: str = "all") -> list[Any]:
        return list(well(self.client.get("/api/alerts", params={"state": state}))["items"])

    def states(self) -> list[str]:
        return [one["state"] for one in self.alerts()]

    def targets(self, rule_id: str) -> list[Any]:
        items = well(self.client.get("/api/alert-rules"))["items"]
        return list(next(one for one in items if one["id"] == rule_id)["targets"])


@pytest.fixture
def watch(world: World, past: Past) -> Watch:
    return Watch(world, past)


def test_a_failure_opens_an_alert_and_success_resolves_it(watch: Watch) -> None:
    watch.rule()
    assert watch.look() == 0
    id = watch.runs(fails=True)
    assert watch.look() == 1
    (alert,) = watch.alerts("open")
    assert (alert["summary"], alert["state"], alert["seen"]) == ("“Orders” failed", "open", 1)
    assert (alert["facts"]["executionId"], alert["facts"]["message"]) == (id, "Row 7 is not there")
    _, subject, text = watch.mails[-1]
    assert subject == "[Stepweave] “Orders” failed"
    assert "NotThere: Row 7 is not there" in text
    assert f"{ORIGIN}/executions/{id}" in text
    assert watch.look() == 0
    watch.runs()
    assert watch.look() == 1
    assert watch.mails[-1][1] == "[Stepweave] Resolved: “Orders” failed"
    (alert,) = watch.alerts()
    assert (alert["state"], alert["resolution"], alert["resolvedBy"]) == ("resolved", "recovered", None)
    assert watch.alerts("open") == []


def test_what_failed_and_succeeded_between_two_looks_is_told_in_one_message(watch: Watch) -> None:
    watch.rule()
    watch.runs(fails=True)
    watch.now += timedelta(seconds=5)
    watch.runs()
    assert watch.look() == 1
    assert watch.states() == ["resolved"]
    assert watch.mails[-1][1] == "[Stepweave] “Orders” failed, and is well again"
    assert watch.look() == 0


def test_what_flaps_is_not_told_each_time_and_not_forgotten(watch: Watch) -> None:
    """prometheus/alertmanager#1063 (only the first time was said), #226 (resolved without having been open)."""
    watch.rule(throttleMinutes=30)
    told = []
    for _ in range(10):
        watch.runs(fails=True)
        told.append(watch.look())
        watch.runs()
        told.append(watch.look())
    assert told == [1, 1] + [0] * 18
    (alert,) = watch.alerts()
    assert (alert["state"], alert["times"]) == ("resolved", 10)
    watch.runs(fails=True)
    assert [watch.look(), watch.look(timedelta(minutes=29))] == [0, 1]
    assert watch.mails[-1][1] == "[Stepweave] Again: “Orders” failed 11 times"
    watch.runs()
    assert watch.look() == 1
    watch.now += timedelta(minutes=31)
    watch.runs(fails=True)
    assert watch.look() == 1
    assert len(watch.alerts()) == 2


def test_two_alerters_and_one_that_starts_anew_say_nothing_twice(watch: Watch, databases: Databases) -> None:
    """grafana/grafana#59460, prometheus/alertmanager#4008, apache/airflow#50481: the same message twice."""
    watch.rule()
    watch.runs(fails=True)
    assert watch.look() == 1
    again = Alerting(watch.past.link, watch.alerting.delivering)
    assert [again.sweep(watch.now), again.sweep(watch.now)] == [0, 0]
    with psycopg.connect(databases.app) as other:  # a second alerter, in the middle of its work
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('alerts:' || %s, 0))", (watch.me["tenant"]["id"],))
        watch.runs()
        assert watch.look() == 0
        assert watch.states() == ["open"]
    assert watch.look() == 1


def test_a_target_that_is_down_gets_everything_later_in_order(watch: Watch) -> None:
    """louislam/uptime-kuma#6046: what could not be said at that moment was lost; #4792: well before not well."""
    rule = watch.rule()
    watch.world.mails.fails = True
    watch.runs(fails=True)
    watch.look()
    watch.runs()
    watch.look()
    (target,) = watch.targets(rule["id"])
    assert target["waiting"] == 2
    assert target["error"] == "The mail server did not take the mail (OSError)."
    assert target["failingSince"]
    said = well(watch.client.get(f"/api/alert-rules/{rule['id']}/deliveries"))["items"]
    assert [(one["state"], one["subject"], one["tries"]) for one in said] == [
        ("waiting", "Resolved: “Orders” failed", 0),
        ("waiting", "“Orders” failed", 2),
    ]
    watch.world.mails.fails = False
    assert watch.look(timedelta(minutes=6)) == 2
    assert [one[1] for one in watch.mails[-2:]] == [
        "[Stepweave] “Orders” failed",
        "[Stepweave] Resolved: “Orders” failed",
    ]
    (target,) = watch.targets(rule["id"])
    assert (target["waiting"], target["error"], target["failingSince"]) == (0, None, None)


def test_who_made_a_rule_hears_that_its_target_is_down(watch: Watch) -> None:
    other = created(watch.client, orders())
    watch.answers = {"skipped": "The workflow 'Orders' is not published."}
    rule = watch.rule(targets=[{"kind": "workflow", "workflowId": other}])
    watch.runs(fails=True)
    assert [watch.look(), watch.look(2 * MINUTE), watch.look(6 * MINUTE), watch.look()] == [0, 0, 1, 0]
    _, subject, text = watch.mails[-1]
    assert subject == "[Stepweave] Alerts of “failure” do not arrive"
    assert "It said: The workflow 'Orders' is not published." in text
    watch.look(GIVE_UP)
    said = well(watch.client.get(f"/api/alert-rules/{rule['id']}/deliveries"))["items"]
    assert {(one["target"], one["state"]) for one in said} == {("Orders", "failed"), ("whoever made the rule", "sent")}
    assert watch.targets(rule["id"])[0]["error"]


def test_a_workflow_is_told_once_and_never_of_its_own_failure(watch: Watch) -> None:
    """n8n-io/n8n#1205: an error workflow that fails starts itself without end."""
    other = created(watch.client, {**orders(), "name": "On call"})
    watch.rule(targets=[{"kind": "workflow", "workflowId": other}])
    watch.runs(fails=True)
    watch.runs(fails=True, workflow=other)
    watch.look()
    (asked,) = watch.world.asked
    told = asked["alert"]["told"]
    assert (asked["alert"]["workflowId"], told["type"], told["rule"]["name"]) == (other, "alerts", "failure")
    assert [(one["news"], one["summary"]) for one in told["alerts"]] == [("opened", "“Orders” failed")]
    watch.look()
    assert len(watch.world.asked) == 1


def test_several_failures_within_some_time(watch: Watch) -> None:
    watch.rule("failures", count=3, minutes=10)
    watch.runs(fails=True)
    watch.runs(fails=True)
    assert watch.look() == 0
    watch.runs(fails=True)
    assert watch.look() == 1
    assert watch.mails[-1][1] == "[Stepweave] “Orders” failed 3 times within 10 minutes"
    assert watch.look(5 * MINUTE) == 0
    assert watch.look(5 * MINUTE) == 1
    assert watch.states() == ["resolved"]


def test_a_failure_rate_counts_from_enough_executions_on(watch: Watch) -> None:
    watch.rule("failure_rate", percent=50, minutes=60, atLeast=4)
    watch.runs(fails=True)
    watch.runs(fails=True)
    watch.runs()
    assert watch.look() == 0
    watch.runs()
    assert watch.look() == 1
    assert watch.mails[-1][1] == "[Stepweave] 50 % of “Orders” failed: 2 of 4 within 1 hour"
    watch.runs()
    assert watch.look() == 1


def test_an_execution_that_took_too_long(watch: Watch) -> None:
    watch.rule("duration", seconds=60)
    watch.runs(seconds=60)
    assert watch.look() == 0
    watch.runs(seconds=3700)
    assert watch.look() == 1
    assert watch.mails[-1][1] == "[Stepweave] “Orders” took 1 hour 1 minute"
    assert watch.look() == 0
    watch.runs(seconds=5)
    assert watch.look() == 1
    assert watch.states() == ["resolved"]


def test_no_success_within_a_time_counts_only_while_the_workflow_is_on(watch: Watch, databases: Databases) -> None:
    """apache/airflow#34145, healthchecks#330: alarms of what was paused, at the moment it goes on."""

    def switch(on: bool) -> None:
        with psycopg.connect(databases.owner) as connection:
            query = "UPDATE workflows SET enabled = %s, published_version = 1 WHERE id = %s"
            connection.execute(query, (on, watch.workflow))

    watch.rule("no_success", minutes=60)
    assert watch.look(90 * MINUTE) == 0  # never published
    switch(on=True)
    watch.runs()
    assert watch.look(50 * MINUTE) == 0
    watch.runs(fails=True)
    assert watch.look(13 * MINUTE) == 1
    assert "has not succeeded since" in watch.mails[-1][1]
    watch.runs()
    assert watch.look() == 1
    switch(on=False)
    watch.look(5 * 60 * MINUTE)
    switch(on=True)
    assert watch.look() == 0
    assert watch.look(70 * MINUTE) == 1


def test_a_budget_that_is_nearly_spent(watch: Watch, databases: Databases) -> None:
    well(watch.client.put("/api/spending/budget", json={"monthMoney": "10", "monthTokens": None}))
    watch.rule("budget", percent=80)
    tenant = watch.me["tenant"]["id"]
    spend = """
    INSERT INTO model_spending (tenant_id, scope, of, period, tokens, money, answers, unpriced)
    VALUES (%s, 'tenant', %s, %s, 5, %s, 1, 0)
    ON CONFLICT (tenant_id, scope, of, period) DO UPDATE SET money = EXCLUDED.money
    """
    for money, said in ((7, 0), (8.5, 1), (9, 0)):
        with psycopg.connect(databases.owner) as connection:
            connection.execute(spend, (tenant, tenant, f"{watch.now + MINUTE:%Y-%m}", money))
        assert watch.look() == said
    assert watch.mails[-1][1].startswith("[Stepweave] The workspace has spent 85 % of its budget of 20")
    well(watch.client.put("/api/spending/budget", json={"monthMoney": "100", "monthTokens": None}))
    assert watch.look() == 1


def test_a_credential_that_ends_soon(watch: Watch) -> None:
    ends = (datetime.now(UTC) + timedelta(days=10)).isoformat()
    body = {"name": "Key <!channel>", "type": "http_bearer", "data": {"token": "t"}, "expiresAt": ends}
    credential = well(watch.client.post("/api/credentials", json=body), 201)["id"]
    watch.rule("credential", days=5)
    assert watch.look() == 0
    watch.rule("credential", days=30, name="Soon")
    assert watch.look() == 1
    assert watch.mails[-1][1].startswith("[Stepweave] The credential “Key <!channel>” ends on ")
    assert watch.alerts()[0]["credentialId"] == credential
    well(watch.client.delete(f"/api/credentials/{credential}"), 204)
    watch.look()
    assert watch.alerts() == []


def test_what_a_person_acknowledges_is_not_reminded_of_and_what_they_resolve_stays_so(watch: Watch) -> None:
    watch.rule("failures", count=1, minutes=60, remindMinutes=10)
    watch.runs(fails=True)
    assert [watch.look(), watch.look(9 * MINUTE), watch.look(), watch.look()] == [1, 0, 1, 0]
    assert watch.mails[-1][1] == "[Stepweave] Still: “Orders” failed once within 1 hour"
    (alert,) = watch.alerts()
    place = f"/api/alerts/{alert['id']}"
    found = well(watch.client.post(f"{place}/acknowledge"))
    assert (found["state"], found["acknowledgedBy"]) == ("acknowledged", "P")
    assert watch.look(11 * MINUTE) == 0
    found = well(watch.client.post(f"{place}/resolve"))
    assert (found["state"], found["resolution"], found["resolvedBy"]) == ("resolved", "person", "P")
    assert is_problem(watch.client.post(f"{place}/acknowledge"), 409, "alert_over")
    watch.set_back()
    assert watch.look() == 1
    assert "Somebody resolved it." in watch.mails[-1][2]
    watch.runs(fails=True)
    assert watch.look() == 0
    assert watch.look(61 * MINUTE) == 0
    watch.runs(fails=True)
    assert watch.look() == 1
    assert [one["state"] for one in watch.alerts()] == ["open", "resolved"]


def test_many_alerts_at_once_are_one_message(watch: Watch) -> None:
    watch.rule()
    for number in range(12):
        watch.runs(fails=True, workflow=created(watch.client, {**orders(), "name": f"W{number}"}))
    assert watch.look() == 1
    _, subject, text = watch.mails[-1]
    assert subject == "[Stepweave] failure: 12 open"
    assert "and 2 more." in text
    assert well(watch.client.get("/api/alerts"))["open"] == 12
    first = well(watch.client.get("/api/alerts", params={"limit": 5}))
    rest = well(watch.client.get("/api/alerts", params={"limit": 100, "cursor": first["nextCursor"]}))
    assert len({one["id"] for one in (*first["items"], *rest["items"])}) == 12
    assert rest["nextCursor"] is None


def test_each_fault_may_have_an_alert_of_its_own(watch: Watch) -> None:
    watch.rule(byFault=True)
    watch.runs(fails=True)
    watch.runs(fails=True)
    watch.runs(fails=True, error={**ERROR, "type": "TimedOut", "message": "No answer after 30 s"})
    assert watch.look() == 1
    assert sorted(one["seen"] for one in watch.alerts()) == [1, 2]


def test_a_renamed_workflow_is_told_by_its_name_and_a_deleted_one_is_over(watch: Watch) -> None:
    """getsentry/sentry#117894, #20997, #38337: stale names, rules of what is gone, and a page that breaks of it."""
    rule = watch.rule(workflowId=watch.workflow)
    watch.runs(fails=True)
    assert watch.look() == 1
    document = {**orders(), "name": "Orders\r\nBcc: eve@example.com"}
    answer = watch.client.put(f"/api/workflows/{watch.workflow}", json={"document": document, "revision": 1})
    if answer.status_code == 200:
        assert "Orders" in watch.alerts()[0]["summary"]
    well(watch.client.delete(f"/api/workflows/{watch.workflow}"), 204)
    watch.look()
    (alert,) = watch.alerts()
    assert (alert["state"], alert["resolution"]) == ("resolved", "deleted")
    assert well(watch.client.get("/api/alert-rules"))["items"] == []
    well(watch.client.delete(f"/api/alert-rules/{rule['id']}"), 204)
    assert well(watch.client.get("/api/status"))["items"] == []


def test_a_huge_and_hostile_error_is_text_in_a_line(watch: Watch) -> None:
    watch.rule()
    words = "<!channel> *x* & <https://evil.example|click>\r\nBcc: eve@example.com\x00" + "x" * 100_000
    watch.runs(fails=True, error={**ERROR, "message": words.replace("\x00", "")})
    assert watch.look() == 1
    _, subject, text = watch.mails[-1]
    assert "\n" not in subject
    assert len(text) < 2_000
    assert "\nBcc:" not in text
    assert len(json.dumps(watch.alerts())) < 3_000


def test_rules_are_changed_tested_and_deleted(watch: Watch, world: World) -> None:
    rule = watch.rule()
    watch.runs(fails=True)
    watch.look()
    place = f"/api/alert-rules/{rule['id']}"
    body = {"name": "Often", "condition": {"kind": "failures", "count": 5, "minutes": 5}, "targets": rule["targets"]}
    targets = [{"kind": "mail", "id": rule["targets"][0]["id"], "userIds": rule["targets"][0]["userIds"]}]
    changed = well(watch.client.put(place, json={**body, "targets": targets}))
    assert (changed["name"], changed["condition"]["count"], changed["open"]) == ("Often", 5, 0)
    assert [(one["state"], one["resolution"]) for one in watch.alerts()] == [("resolved", "rule")]
    (test,) = well(watch.client.post(f"{place}/test"))["items"]
    assert (test["state"], test["test"], test["error"]) == ("sent", True, None)
    assert watch.mails[-1][1] == "[Stepweave] Test of “Often”"
    world.mails.fails = True
    (test,) = well(watch.client.post(f"{place}/test"))["items"]
    assert (test["state"], test["error"]) == ("failed", "The mail server did not take the mail (OSError).")
    world.mails.fails = False
    assert watch.look(30 * MINUTE) == 0  # a test is not tried again
    well(watch.client.put(place, json={**body, "targets": []}))
    assert is_problem(watch.client.post(f"{place}/test"), 422, "no_targets")
    well(watch.client.delete(place), 204)
    assert is_problem(watch.client.delete(place), 404, "not_found")
    assert watch.alerts()[0]["ruleId"] is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "failures", "count": 0, "minutes": 5}, "condition.failures.count"),
        ({"kind": "failures", "count": 2, "minutes": 100_000}, "condition.failures.minutes"),
        ({"kind": "failure_rate", "percent": 101, "minutes": 5}, "condition.failure_rate.percent"),
        ({"kind": "no_success", "minutes": 1}, "condition.no_success.minutes"),
        ({"kind": "moon"}, "condition"),
        ({"targets": [{"kind": "mail", "userIds": []}]}, "targets.0.mail.userIds"),
        ({"targets": [{"kind": "mail", "userIds": [str(uuid.uuid4())]}]}, "targets.0.userIds"),
        ({"targets": [{"kind": "slack"}]}, "targets.0.url"),
        ({"targets": [{"kind": "slack", "url": "https://evil.example/x"}]}, "targets.0.url"),
        ({"targets": [{"kind": "webhook", "url": "http://a.example/x", "secret": "s" * 16}]}, "targets.0.url"),
        ({"targets": [{"kind": "webhook", "url": "ftp://a.example/x", "secret": "s" * 16}]}, "targets.0.webhook.url"),
        ({"targets": [{"kind": "webhook", "url": "https://a.example/x"}]}, "targets.0.secret"),
        ({"targets": [{"kind": "workflow", "workflowId": str(uuid.uuid4())}]}, "targets.0.workflowId"),
        ({"name": "a\r\nBcc: b"}, "name"),
        ({"throttleMinutes": -1}, "throttleMinutes"),
    ],
)
def test_what_is_wrong_of_a_rule_is_named(
    watch: Watch, more: dict[str, Any], field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", raising=False)
    problem = watch.rule(more.pop("kind", "failure"), status=422, **more)
    assert [one["field"] for one in problem["errors"]] == [field]


def test_rules_and_alerts_are_seen_by_who_sees_what_they_watch(watch: Watch, world: World) -> None:
    owner = watch.client
    editor, viewer = joined(world, owner, "editor"), joined(world, owner, "viewer")
    stranger = world.person()
    everywhere = watch.rule()
    project = well(owner.post("/api/projects", json={"name": "Finance"}), 201)["id"]
    hidden = created(owner, {**orders(), "name": "Payroll"})
    well(owner.put(f"/api/workflows/{hidden}/project", json={"projectId": project}), 204)
    inside = watch.rule(name="Finance", projectId=project)
    body = {"name": "Mine", "condition": {"kind": "failure"}, "targets": []}
    assert is_problem(editor.post("/api/alert-rules", json=body), 403, "not_allowed")
    assert is_problem(editor.post("/api/alert-rules", json={**body, "workflowId": hidden}), 404, "not_found")
    assert is_problem(editor.post("/api/alert-rules", json={**body, "projectId": project}), 404, "not_found")
    assert is_problem(viewer.post("/api/alert-rules", json={**body, "workflowId": watch.workflow}), 403, "not_allowed")
    mine = well(editor.post("/api/alert-rules", json={**body, "workflowId": watch.workflow}), 201)["id"]
    watch.arm(mine)
    watch.runs(fails=True)
    watch.runs(fails=True, workflow=hidden)
    watch.look()
    seen = {who: well(who.get("/api/alerts"))["items"] for who in (editor, viewer, owner, stranger)}
    assert [len(seen[who]) for who in (editor, viewer, owner, stranger)] == [2, 2, 4, 0]
    assert {one["workflowName"] for one in seen[viewer]} == {"Orders"}
    assert [one["id"] for one in well(viewer.get("/api/alert-rules"))["items"]] == [mine]
    for id in (everywhere["id"], inside["id"]):
        assert is_problem(editor.delete(f"/api/alert-rules/{id}"), 404, "not_found")
        assert is_problem(editor.get(f"/api/alert-rules/{id}/deliveries"), 404, "not_found")
        assert is_problem(stranger.post(f"/api/alert-rules/{id}/test"), 404, "not_found")
    of_hidden = next(one["id"] for one in seen[owner] if one["workflowName"] == "Payroll")
    assert is_problem(editor.post(f"/api/alerts/{of_hidden}/resolve"), 404, "not_found")
    assert is_problem(viewer.post(f"/api/alerts/{seen[viewer][0]['id']}/resolve"), 403, "not_allowed")
    assert [one["name"] for one in well(viewer.get("/api/status"))["items"]] == ["Orders"]
    assert is_problem(viewer.get("/api/status-page"), 403, "not_allowed")


def test_what_was_seen_by_two_is_one_name_in_one_place(watch: Watch) -> None:
    watch.rule(name="Orders fail")
    assert watch.rule(name="ORDERS FAIL", status=409)["code"] == "name_taken"
    watch.rule(name="Orders fail", workflowId=watch.workflow)


def test_there_are_so_many_rules_at_most(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.services.alerts.rules.MOST_RULES", 1)
    watch.rule()
    assert watch.rule(name="one more", status=422)["code"] == "too_many"


def test_who_leaves_gets_no_more_mail(watch: Watch, world: World) -> None:
    member = joined(world, watch.client, "viewer")
    who = well(member.get("/api/me"))["user"]
    rule = watch.rule(targets=[{"kind": "mail", "userIds": [who["id"]]}])
    assert rule["targets"][0]["label"] == "Viewer"
    well(watch.client.delete(f"/api/members/{who['id']}"), 204)
    watch.runs(fails=True)
    watch.look()
    assert [one for one in world.mails.sent if one[0] == who["email"] and "failed" in one[1]] == []
    assert "Nobody of those who were to be told is a member any more" in watch.targets(rule["id"])[0]["error"]


def test_the_status_page_shows_names_that_were_chosen_to_who_has_the_link(watch: Watch, world: World) -> None:
    client, stranger = watch.client, world.anonymous()
    page = {"title": "Shop", "items": [{"workflowId": watch.workflow, "label": "Checkout"}]}
    assert well(client.put("/api/status-page", json=page)) == {**page, "shared": False}
    url = well(client.post("/api/status-page/link"))["url"]
    token = url.rpartition("/")[2]
    found = well(stranger.get(f"/api/shared-status/{token}"))
    assert found["items"] == [{"label": "Checkout", "state": "off", "lastSuccessAt": None}]
    assert set(found) == {"title", "at", "items"}
    assert "Orders" not in json.dumps(found)
    again = well(client.post("/api/status-page/link"))["url"].rpartition("/")[2]
    assert is_problem(stranger.get(f"/api/shared-status/{token}"), 404, "not_found")
    well(client.delete("/api/status-page/link"), 204)
    assert is_problem(stranger.get(f"/api/shared-status/{again}"), 404, "not_found")
    assert is_problem(stranger.get(f"/api/shared-status/{'x' * 43}"), 404, "not_found")
    body = {"title": "Shop", "items": [{"workflowId": str(uuid.uuid4()), "label": "X"}]}
    problem = well(client.put("/api/status-page", json=body), 422)
    assert problem["errors"][0]["field"] == "items.0.workflowId"


class Server:
    """A server that alerts are sent to: what it got, and what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "8")
                self.end_headers()
                self.wfile.write(b"no <luck")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/T0/B0/secret-part"
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    made = Server()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_webhook_gets_a_signed_body_and_its_address_is_never_told(watch: Watch, server: Server) -> None:
    secret = "a secret of its own"
    given = {"kind": "webhook", "url": server.url, "secret": secret.replace(" ", "-")}
    rule = watch.rule(targets=[given])
    assert "secret-part" not in json.dumps(rule)
    assert rule["targets"][0]["label"] == "127.0.0.1"
    watch.runs(fails=True)
    watch.look()
    ((headers, body),) = server.got
    at, signature = (part.partition("=")[2] for part in headers["x-stepweave-signature"].split(","))
    expected = hmac.new(given["secret"].encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    told = json.loads(body)
    assert (told["type"], told["id"]) == ("alerts", headers["x-stepweave-delivery"])
    assert told["alerts"][0]["workflow"]["name"] == "Orders"
    kept = {"kind": "webhook", "id": rule["targets"][0]["id"]}
    body_ = {"name": "failure", "condition": {"kind": "failure"}, "targets": [kept]}
    well(watch.client.put(f"/api/alert-rules/{rule['id']}", json=body_))
    (test,) = well(watch.client.post(f"/api/alert-rules/{rule['id']}/test"))["items"]
    assert test["state"] == "sent"
    assert json.loads(server.got[-1][1])["type"] == "test"
    assert "secret-part" not in json.dumps(well(watch.client.get("/api/audit")))


def test_slack_sees_no_markup_of_what_people_called_something(watch: Watch, server: Server) -> None:
    """grafana/grafana#23252: what was text came as markup, and the other way round."""
    name = "<!channel> *Orders* & <https://evil.example|click>"
    watch.workflow = created(watch.client, {**orders(), "name": name})
    watch.rule(targets=[{"kind": "slack", "url": server.url}])
    watch.runs(fails=True, error={**ERROR, "message": "<!here> " + "x" * 5_000})
    watch.look()
    message = json.loads(server.got[0][1])
    assert message["text"].startswith("“&lt;!channel&gt; *Orders* &amp; &lt;https://evil.example|click&gt;")
    assert [block["text"]["type"] for block in message["blocks"] if "text" in block] == ["plain_text"]
    assert len(message["blocks"][0]["text"]["text"]) < 3_000
    assert "<!" not in json.dumps(message["blocks"][1:])


def test_a_redirect_is_not_followed_and_a_private_address_is_not_asked(
    watch: Watch, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = watch.rule(targets=[{"kind": "webhook", "url": server.url, "secret": "s" * 16}])
    server.status, server.headers = 302, {"location": "http://169.254.169.254/latest/meta-data"}
    watch.runs(fails=True)
    watch.look()
    error = "It answered with a redirect (302), which is not followed. Fill in where it leads."
    assert watch.targets(rule["id"])[0]["error"] == error
    server.status, server.headers = 503, {}
    watch.look(2 * MINUTE)
    assert watch.targets(rule["id"])[0]["error"] == "It answered 503: no <luck"
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    count = len(server.got)
    watch.look(6 * MINUTE)
    assert "https://" in watch.targets(rule["id"])[0]["error"]
    assert len(server.got) == count
