"""Django's name for this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The app `mingzheng.documents`."""

    name = "mingzheng.documents"
    label = "documents"
