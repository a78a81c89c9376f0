"""Profiles of hypothesis: ``--hypothesis-profile=long`` walks the lifecycle for as long as somebody has patience."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "long", max_examples=500, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
)
