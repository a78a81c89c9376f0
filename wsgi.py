"""The app for any WSGI server: ``wsgi:app``."""

from charlton_intranet import create_app

app = create_app()
