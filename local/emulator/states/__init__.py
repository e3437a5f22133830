"""Step Functions: an interpreter of Amazon States Language on the event loop, in place of MiniStack's threads.

`engine` holds executions; `machine` walks states, `kinds`, `together`, `maps` and `distributed` are their types, and
`finishing` how each ends; `tasks` performs what Task states ask for; `expressions` evaluates JSONata, `history` writes
the events, `kept` bounds what is remembered. `resolving`, `describing` and `callbacks` are the rest of the API. Only
JSONPath, intrinsic functions (`paths`) and service integrations are still MiniStack's.
"""
