"""Django's name for this room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app `mingzheng.jobs`."""

    name = "mingzheng.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Put the ledger's errands on the schedule."""
        import mingzheng.jobs.ledger  # noqa: F401
