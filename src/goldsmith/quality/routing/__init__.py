"""Which task gets the next answer, when a task has enough, and what a budget buys; one subject a file."""

from goldsmith.quality.routing.growing_votes import GrowingVotes
from goldsmith.quality.routing.live import LiveConsensus
from goldsmith.quality.routing.plans import Forecast, plan
from goldsmith.quality.routing.policies import Routing
from goldsmith.quality.routing.queues import STATES, Routes, TaskState, route

__all__ = [
    "STATES",
    "Forecast",
    "GrowingVotes",
    "LiveConsensus",
    "Routes",
    "Routing",
    "TaskState",
    "plan",
    "route",
]
