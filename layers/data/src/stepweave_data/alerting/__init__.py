"""Alerts (ADR 73): what rules find, what becomes of it, and who is told.

rules      what a rule, a target and a message are, as values
finding    what is the case now, by SQL: of which workflow, credential or budget a rule's condition holds
keeping    opens, goes on with and resolves alerts, and writes down what is to be said: one transaction a tenant
wording    what is said, in words
sending    says it to one target: mail, Slack, a webhook, a workflow
delivering says what waits to be said, again and again until it is sent or its time is over
"""
