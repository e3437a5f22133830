"""How many events states write into an execution's history.

Figures are the events that AWS writes (Step Functions developer guide, "View execution history" and the HistoryEvent
types of the API): an optimised integration writes entered, scheduled, started, succeeded and exited.
"""

from typing import Final

TASK: Final = 5
TOKEN_TASK: Final = 6
RETRY: Final = 3
STATE: Final = 2
PARALLEL: Final = 4
ROUND: Final = 2
