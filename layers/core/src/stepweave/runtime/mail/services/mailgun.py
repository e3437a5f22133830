"""Mailgun: messages as MIME (https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.http.bodies import FormField, FormFile, multipart_body
from stepweave.runtime.mail.attachments import Attachment
from stepweave.runtime.mail.message import Mail
from stepweave.runtime.mail.services.api import Answered, Api, Posting, once_each

if TYPE_CHECKING:
    from stepweave.runtime.step import Step

BASE_URL: Final = "https://api.mailgun.net"


class Mailgun(Api):
    """Sends from a domain, in the region where it is registered."""

    name = "Mailgun"
    most_bytes = 18 * 1024 * 1024
    """A message has 25 MB at most, its files as base64."""

    def __init__(self, data: Mapping[str, Any], credential: str, step: "Step[Any]") -> None:
        super().__init__(data, credential, step)
        host, self._domain = str(data.get("host") or ""), str(data.get("domain") or "")
        if not host or not self._domain:
            raise CredentialMissing("The Mailgun credential has no region or domain.", "Complete the credential.")
        self.base_url = f"https://{host}"

    def posting(self, mail: Mail) -> Posting:
        """Return the message as it is, and to whom it goes."""
        whole = mail.mime()
        to = [one.spec for addresses in once_each(mail) for one in addresses]
        file = Attachment("message.mime", "message/rfc822", whole.size, whole.open)
        body, boundary = multipart_body([*(FormField("to", one) for one in to), FormFile("message", file)])
        path = f"/v3/{quote(self._domain, safe='')}/messages.mime"
        return Posting(path, f"multipart/form-data; boundary={boundary}", body, {})

    def remedy(self, answered: Answered) -> str:
        """Return what to do: a domain and its keys are known in one region only."""
        if answered.status in (401, 404):
            return "Check the key, the domain, and its region (US or EU): the other one knows neither."
        return super().remedy(answered)

    def result(self, mail: Mail, answered: Answered) -> dict[str, Any]:
        """Return Mailgun's id, which is the message's."""
        id = str(answered.json.get("id") or "")
        return {"messageId": id or mail.message_id, "id": id}
