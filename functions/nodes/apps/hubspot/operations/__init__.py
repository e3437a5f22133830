"""What can be done at HubSpot, one file each."""
