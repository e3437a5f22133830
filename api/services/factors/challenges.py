"""What somebody is asked to prove: a random challenge of which Redis keeps the digest, answered once, for minutes.

Without Redis nobody gets one and none is taken: second factors fail closed.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

import redis

from api import codes
from api.refusals import Refused
from stepweave_data import redis_keys as keys

MOST_TRIES: Final = 5
"""Wrong answers to one challenge; the next needs the password again."""
BYTES: Final = 32


@dataclass(frozen=True)
class Challenges:
    """The challenges of one purpose: one made for another purpose is unknown."""

    redis: redis.Redis
    purpose: str
    seconds: int = keys.PROOF_SECONDS

    def make(self, facts: dict[str, str]) -> str:
        """Return a new challenge, which stands for `facts`. Raises redis.RedisError."""
        challenge = secrets.token_urlsafe(BYTES)
        self.redis.set(keys.proof(self.purpose, _digest(challenge)), json.dumps(facts), ex=self.seconds)
        return challenge

    def tried(self, challenge: str) -> dict[str, str]:
        """Count a try and return what the challenge stands for. Raises Refused (`challenge_expired`)."""
        digest = _digest(challenge)
        with self.redis.pipeline() as pipe:
            pipe.set(keys.proof_tries(self.purpose, digest), 0, ex=self.seconds, nx=True)
            pipe.incr(keys.proof_tries(self.purpose, digest))
            pipe.get(keys.proof(self.purpose, digest))
            _, tries, text = pipe.execute()
        if int(tries) > MOST_TRIES:
            self.redis.delete(keys.proof(self.purpose, digest))
            text = None
        return _facts(text)

    def take(self, challenge: str) -> dict[str, str]:
        """Use a challenge up and return what it stands for. Raises Refused (`challenge_expired`)."""
        text: Any = self.redis.getdel(keys.proof(self.purpose, _digest(challenge)))
        return _facts(text)

    def look(self, challenge: str) -> dict[str, str]:
        """Return what a challenge stands for. Raises Refused (`challenge_expired`)."""
        text: Any = self.redis.get(keys.proof(self.purpose, _digest(challenge)))
        return _facts(text)


def _facts(text: str | None) -> dict[str, str]:
    if not text:
        raise Refused(codes.CHALLENGE_EXPIRED, "This took too long, or was tried too often. Begin again.")
    facts: dict[str, str] = json.loads(text)
    return facts


def _digest(challenge: str) -> str:
    return hashlib.sha256(challenge.encode("utf-8", "surrogatepass")).hexdigest()
