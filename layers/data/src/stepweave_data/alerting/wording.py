"""What is said of alerts, in words. Whatever a tenant called something, or a server answered, is text and nothing else:
a subject is one line, and Slack sees no markup of it, no mention and no link.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from stepweave_data.alerting.rules import MOST_NAMED
from stepweave_data.mails import one_line

Content = Mapping[str, Any]
"""What a delivery tells (`keeping.say`)."""
_BEGINS: Final = {"opened": "", "again": "Again: ", "reminder": "Still: ", "resolved": "Resolved: ", "passed": ""}
_ENDS: Final = {
    "recovered": "It is well again.",
    "person": "Somebody resolved it.",
    "deleted": "The workflow was deleted.",
    "rule": "The rule was changed or switched off.",
}
_MOST_TEXT: Final = 2900
"""Of Slack's 3,000 characters in a section."""


def summary(kind: str, facts: Mapping[str, Any], seen: int, condition: Mapping[str, Any], name: str) -> str:
    """Return what is the case, in one line."""
    who = f"“{one_line(name, 80)}”"
    match kind:
        case "failure":
            return f"{who} failed" + (f" {seen} times" if seen > 1 else "")
        case "failures":
            return f"{who} failed {_times(seen)} within {lasting(condition.get('minutes', 0) * 60)}"
        case "failure_rate":
            within = lasting(condition.get("minutes", 0) * 60)
            return f"{_number(facts.get('percent'))} % of {who} failed: {facts.get('failed')} of {seen} within {within}"
        case "duration":
            verb = "has been running for" if facts.get("status") == "running" else "took"
            return f"{who} {verb} {lasting(facts.get('seconds', 0))}"
        case "no_success":
            last = facts.get("lastSuccessAt")
            since = f"since {moment(last)}" if last else f"for {lasting(condition.get('minutes', 0) * 60)}"
            return f"{who} has not succeeded {since}"
        case "budget":
            whose = who if name else "The workspace"
            return f"{whose} has spent {_number(facts.get('percent'))} % of its budget of {facts.get('month')}"
        case _:
            credential = f"The credential “{one_line(str(facts.get('credential', '')), 80)}”"
            if facts.get("lost"):
                return f"{credential} must be connected again"
            ends = str(facts.get("endsAt") or "")
            verb = "ended" if ends and datetime.fromisoformat(ends) < datetime.now(UTC) else "ends"
            return f"{credential} {verb} on {moment(ends)}" if ends else f"{credential} ends"


def lasting(seconds: float) -> str:
    """Return how long something is, in words: the two largest units."""
    rest, parts = int(seconds), []
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {word}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "0 seconds"


def moment(text: str) -> str:
    """Return a time for people. UTC, and it says so: who reads it may be anywhere."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def subject(content: Content) -> str:
    """Return the subject of a mail: one line."""
    if "failing" in content:
        return one_line(f"[Stepweave] Alerts of “{content['rule']['name']}” do not arrive")
    if content.get("test"):
        return one_line(f"[Stepweave] Test of “{content['rule']['name']}”")
    alerts = content["alerts"]
    if len(alerts) == 1:
        return one_line(f"[Stepweave] {_line(alerts[0], content)}", 150)
    ended = sum(1 for one in alerts if one["news"] in ("resolved", "passed"))
    words = [f"{len(alerts) - ended} open" if ended < len(alerts) else "", f"{ended} resolved" if ended else ""]
    return one_line(f"[Stepweave] {content['rule']['name']}: {', '.join(filter(None, words))}", 150)


def text(content: Content, origin: str) -> str:
    """Return the text of a mail."""
    return "\n".join((*_paragraphs(content, origin), "", f"Rules and what is open: {origin}/alerts")) + "\n"


def _paragraphs(content: Content, origin: str) -> Iterator[str]:
    rule = content["rule"]["name"]
    if failing := content.get("failing"):
        yield f"The rule “{one_line(rule, 200)}” cannot reach {one_line(failing['target'], 200)}."
        yield f"It said: {one_line(failing['error'], 300)}"
        yield "What there is to say is kept, and tried again for a day. Change the target, or mend it."
        return
    if content.get("test"):
        yield f"This is a test of the rule “{one_line(rule, 200)}”. Nothing is wrong: this is where its alerts arrive."
        return
    for alert in content["alerts"][:MOST_NAMED]:
        yield _line(alert, content)
        yield from _details(alert, origin)
        yield ""
    if (more := len(content["alerts"]) - MOST_NAMED) > 0:
        yield f"and {more} more."
        yield ""
    yield f"Rule: {one_line(rule, 200)}"


def _details(alert: Mapping[str, Any], origin: str) -> Iterator[str]:
    facts = alert["facts"]
    if alert["news"] == "resolved":
        yield _ENDS.get(alert.get("resolution") or "", "")
    elif facts.get("type") or facts.get("message"):
        yield one_line(f"{facts.get('type', '')}: {facts.get('message', '')}", 400)
    if alert["times"] > 1:
        yield f"It opened {alert['times']} times."
    if facts.get("executionId"):
        yield f"{origin}/executions/{facts['executionId']}"
    elif alert["workflow"]:
        yield f"{origin}/workflows/{alert['workflow']['id']}"


def _line(alert: Mapping[str, Any], content: Content) -> str:
    name = (alert["workflow"] or {}).get("name", "")
    what = summary(alert["kind"], alert["facts"], alert["seen"], content["rule"].get("condition", {}), name)
    return _BEGINS[alert["news"]] + what + (", and is well again" if alert["news"] == "passed" else "")


def slack(content: Content, origin: str) -> dict[str, Any]:
    """Return a message for Slack's incoming webhooks. All of ours is plain text, but for one link, which is ours."""
    words = "\n".join(_paragraphs(content, origin))
    link = f"<{origin}/alerts|Open the alerts>"
    return {
        "text": escaped(subject(content).removeprefix("[Stepweave] ")),
        "blocks": [
            {"type": "section", "text": {"type": "plain_text", "text": words[:_MOST_TEXT], "emoji": False}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": link}]},
        ],
    }


def escaped(words: str) -> str:
    """Return text as Slack's markup, in which it is itself."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def webhook(content: Content, delivery_id: str, origin: str) -> dict[str, Any]:
    """Return what webhooks and workflows get."""
    alerts = [{**one, "summary": _line(one, content), "url": f"{origin}/alerts"} for one in content.get("alerts", ())]
    told = {"id": delivery_id, "type": "test" if content.get("test") else "alerts", "at": content["at"]}
    return {**told, "rule": content["rule"], "alerts": alerts}


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _number(value: Any) -> str:
    return f"{float(value or 0):g}"
