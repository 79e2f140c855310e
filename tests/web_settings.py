"""The settings of the product as tests run it: the mode is `test`, everything else is as it is."""

import os
from pathlib import Path

os.environ.setdefault("REASSURE_MODE", "test")

from reassure_web.settings import *  # noqa: F403 - the settings of the product are the point

STATIC_ROOT = Path(__file__).resolve().parent.parent / "src/reassure_web/pages/static"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Quick, since tests try hundreds of passwords; `accounts/test_sign_in` checks the one of the product."""
