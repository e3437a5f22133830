"""Alerts: rules and whom they tell (`rules`), what they found (`found`), tests of them (`trying`), the status page."""
