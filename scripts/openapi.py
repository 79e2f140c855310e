"""Write docs/api/openapi.json: what the API says of itself, for those who read it without a server."""

import json
import os
from pathlib import Path

import django
from django.test import Client

FILE = Path(__file__).resolve().parents[1] / "docs" / "api" / "openapi.json"


def main() -> None:
    """Ask the product itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reassure_web.settings")
    os.environ.setdefault("REASSURE_MODE", "test")
    django.setup()
    said = Client().get("/api/v1/openapi.json").json()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(said, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
