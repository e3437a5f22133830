"""Step Functions: an interpreter of Amazon States Language on the event loop, in place of MiniStack's threads.

`engine` holds executions and answers the API; `machine` walks states; `tasks` performs what Task states ask for; `maps`
runs Map and Parallel; `expressions` evaluates JSONata; `history` writes the events. Only JSONPath, intrinsic functions
and service integrations are still MiniStack's.
"""
