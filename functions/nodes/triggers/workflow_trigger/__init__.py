"""Workflow trigger: another workflow calls this one."""
