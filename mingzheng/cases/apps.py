"""Django's name for this room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The app `mingzheng.cases`."""

    name = "mingzheng.cases"
    label = "cases"

    def ready(self) -> None:
        """Let this chapter say what it can do."""
        from mingzheng.cases import documents, facts, forms, kinds, procedures  # noqa: F401
        from mingzheng.cases.acts import (  # noqa: F401
            across,
            certificate,
            coercion,
            decision,
            execution,
            hearing,
            inspection,
            investigation,
            licence,
            licence_decision,
            licence_ending,
            mistakes,
            opening,
            other,
            parties,
            registration,
            remedies,
            reminding,
            service,
            store,
        )
