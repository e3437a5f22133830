"""Has a topic call, confirms that, reads its calls, and ends it.

The address that a confirmation names is never followed: its token goes to SNS in the topic's own region.
"""

from typing import Any, Final

from functions.nodes.apps.aws.messages import attributes_of, read_body
from functions.nodes.apps.aws.topics import Topic
from functions.nodes.apps.aws.triggers.sns.signatures import NOTIFICATION, problem_of
from functions.nodes.apps.aws.triggers.sns.spec import Params
from stepweave.model.json_text import JsonInvalid, read
from stepweave.runtime.asks import Asked
from stepweave.runtime.aws_account import account_of, place_of
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.polling import params_of
from stepweave.runtime.receiving import Call, answer, happened, refuse

_RAW: Final = "x-amz-sns-rawdelivery"


def activate(asked: Asked) -> dict[str, Any]:
    """Subscribe the address. Return the subscription, which is confirmed when SNS calls."""
    params = params_of(asked, Params)
    topic = Topic(account_of(asked), params.topic)
    return {"subscription": topic.subscribe(asked.given["address"], _policy(params), params.filter_by)}


def deactivate(asked: Asked) -> None:
    """End the subscription; it is found by the address where it is not known."""
    topic = Topic(account_of(asked), str(asked.param("topic") or ""))
    kept = asked.given.get("kept") or {}
    for one in [kept["subscription"]] if "subscription" in kept else topic.subscriptions(asked.given["address"]):
        topic.unsubscribe(one)


def receive(asked: Asked) -> dict[str, Any]:
    """Return the item of a message that SNS signed, or confirm the subscription."""
    call = Call.of(asked)
    if call.method != "POST":
        return refuse("SNS calls with POST.", 405)
    if call.headers.get(_RAW, "").lower() == "true":
        return refuse("Raw messages are not signed: turn off raw message delivery at the subscription.", 400)
    params, message = params_of(asked, Params), call.json()
    topic = Topic(place_of(asked), params.topic)
    if not isinstance(message, dict) or message.get("TopicArn") != params.topic:
        return refuse("It is not from the topic.")
    if problem := problem_of(message, topic.account):
        return refuse(f"It is not from SNS: {problem}.")
    if message["Type"] == NOTIFICATION:
        return happened([_item(message, params)], message["MessageId"])
    if message["Type"] == "SubscriptionConfirmation":
        topic.confirm(str(message.get("Token") or ""))
    return answer(200)


def _item(message: dict[str, Any], params: Params) -> dict[str, Any]:
    item = {
        "messageId": message["MessageId"],
        "topicArn": message["TopicArn"],
        "subject": message.get("Subject"),
        "body": message["Message"],
        **(read_body(message["Message"]) if params.read_json else {}),
    }
    given = message.get("MessageAttributes")
    item["attributes"] = attributes_of(given if isinstance(given, dict) else {}, "Type", "Value", "Value")
    return {**item, "sentAt": message["Timestamp"]}


def _policy(params: Params) -> dict[str, Any] | None:
    if not params.filter_policy.strip():
        return None
    try:
        policy = read(params.filter_policy)
        problem = "" if isinstance(policy, dict) else "It is no object."
    except JsonInvalid as error:
        policy, problem = None, f"It is {error}."
    if problem or not isinstance(policy, dict):
        remedy = 'Write a JSON object, as {"event": ["order_placed"]}.'
        raise ParameterInvalid(f"Filter policy: {problem}", remedy, details={"field": "params.filterPolicy"})
    return policy
