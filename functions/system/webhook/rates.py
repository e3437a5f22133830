"""How often a webhook may be called, and how often its secret may be guessed: rates in Redis (`stepweave_data.rates`).

Counted as calls are those of who may call: a stranger cannot use up what is meant for others. Whoever guesses is
refused by their address, right or wrong; where many addresses guess, wrong guesses alone are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis

from functions.system.webhook.targets import HookTarget
from stepweave_data.hooks.limits import counting
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.rates import Charge, Rate, Taken, headers

CALLS: Final = Rate("hook-calls", 60_000, 60)
"""Of one address to one webhook, whoever it is."""
GUESSES: Final = Rate("hook-guesses", 20, 60)
"""Wrong secrets of one address at one webhook: who mistypes is let in a few seconds later."""
ALL_GUESSES: Final = Rate("hook-guesses-all", 600, 60)
"""Wrong secrets at one webhook from anywhere."""
_UNKNOWN: Final = 401


@contextmanager
def guesses_counted(client: redis.Redis, target: HookTarget, caller: str) -> Iterator[None]:
    """Count the call, and, where what is inside refuses its secret, the guess.

    Raises:
        Refusal: 429 with `Retry-After`, where the address called or guessed too often.
    """
    hook = _hook(target)
    who = f"{hook} {caller}"
    charges = [Charge(CALLS, who)]
    if target["authentication"] != "none":
        charges.append(Charge(GUESSES, who, cost=0))
    taken = counting(client).take(charges)
    if taken.refused:
        raise _refusal(taken, "calls" if taken.rate is CALLS else "calls with a wrong secret")
    try:
        yield
    except Refusal as refusal:
        if refusal.answer["statusCode"] != _UNKNOWN:
            raise
        guessed = counting(client).take([Charge(GUESSES, who), Charge(ALL_GUESSES, hook)])
        if guessed.refused:
            raise _refusal(guessed, "calls with a wrong secret") from None
        raise


def check_rate(client: redis.Redis, target: HookTarget, caller: str) -> None:
    """Count a call to a webhook that limits them. Raises Refusal (429 with `Retry-After` in seconds)."""
    if rate := target.get("rate"):
        who = f"{_hook(target)} {caller if rate['per'] == 'caller' else ''}"
        taken = counting(client).take([Charge(Rate("hook", rate["calls"], rate["seconds"]), who)])
        if taken.refused:
            raise _refusal(taken, "calls")


def _hook(target: HookTarget) -> str:
    return f"{target['start']['workflow_id']} {target['nodeId']}"


def _refusal(taken: Taken, what: str) -> Refusal:
    rate = taken.rate
    words = f"This webhook takes {rate.most} {what} in {rate.seconds} seconds; call again in {taken.seconds}."
    told = {name.lower(): value for name, value in headers(taken, [rate]).items()}
    return Refusal(429, "too_many_calls", "Too many calls", words, told)
