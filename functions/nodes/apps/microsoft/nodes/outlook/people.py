"""Contacts as Graph takes them."""

from typing import Any

from functions.nodes.apps.microsoft.nodes.outlook.fields import Person
from stepweave.runtime.mail.addresses import addresses_of


def contact_of(params: Person) -> dict[str, Any]:
    """Return what is given of a contact. Raises AddressInvalid."""
    name = " ".join(filter(None, (params.given_name, params.surname)))
    emails = [{"address": one.spec, "name": one.name or name} for one in addresses_of(params.email, "Email")]
    made = {
        "givenName": params.given_name,
        "surname": params.surname,
        "emailAddresses": emails,
        "mobilePhone": params.mobile,
        "companyName": params.company,
        "jobTitle": params.job_title,
    }
    return {key: value for key, value in made.items() if value}
