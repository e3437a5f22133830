"""The credential type of HubSpot."""
