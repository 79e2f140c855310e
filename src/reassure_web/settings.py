"""Settings of the web shell: from the environment or from files named by it; see docs/settings.md."""

from pathlib import Path

import environ

env = environ.FileAwareEnv()

MODE = env.str("REASSURE_MODE", default="demo")
"""`production`, `demo` or `test`; production refuses to start without its secrets."""
DEBUG = False
HOME = Path(env.str("REASSURE_HOME", default="out/web")).resolve()
"""Folder of the database of a small installation, of uploads and of keys."""
SECRET_KEY = env.str("REASSURE_SECRET_KEY", default="" if MODE == "production" else "not-secret-demo-and-tests-only")
ALLOWED_HOSTS = env.list("REASSURE_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'reassure.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "reassure_web.audit",
    "reassure_web.accounts",
    "reassure_web.patrols",
    "reassure_web.pages",
]
MIDDLEWARE = [
    "reassure_web.audit.middleware.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "reassure_web.audit.middleware.Refusals",
]
ROOT_URLCONF = "reassure_web.urls"
WSGI_APPLICATION = "reassure_web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = True
