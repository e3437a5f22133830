"""HubSpot: contacts, companies, deals and tickets."""
