"""Forms: pages that visitors fill in, each of which starts a workflow or lets one go on."""
