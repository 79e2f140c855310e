"""Settings of the web shell: from the environment or from files named by it; see docs/settings.md."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

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
    "reassure_web.places",
    "reassure_web.occasions",
    "reassure_web.engagement",
    "reassure_web.patrols",
    "reassure_web.pages",
]
MIDDLEWARE = [
    "reassure_web.audit.middleware.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reassure_web.pages.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
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
                "reassure_web.pages.context.shell",
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
_IS_TEST = MODE == "test"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _IS_TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _IS_TEST
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = HOME / "uploads"
"""Uploaded files, never served by their path."""

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "reassure_web.pages.views.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

MARKING = env.str("REASSURE_MARKING", default="OFFICIAL")
MARKING_SENSITIVE = env.str("REASSURE_MARKING_SENSITIVE", default="OFFICIAL-SENSITIVE")
"""Words at the head and foot of each page; plans, cards and threat carry the second."""
CONTACT = env.str("REASSURE_CONTACT", default="Ask whoever runs this installation.")
"""Who helps, as a sentence on the help pages."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
"""No page loads, sends or shows anything from elsewhere; the nonce is for the import map alone."""
PERMISSIONS_POLICY: dict[str, list[str] | str] = {
    **{
        feature: []
        for feature in (
            "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
            "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
            "usb", "web-share", "xr-spatial-tracking", "browsing-topics", "interest-cohort",
        )
    },
    "publickey-credentials-get": "self",
    "publickey-credentials-create": "self",
}  # fmt: skip
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if MODE == "production":
    SESSION_COOKIE_NAME = "__Host-reassure"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("REASSURE_HSTS_PRELOAD", default=False)
    if env.bool("REASSURE_BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    SESSION_COOKIE_NAME = "reassure"

LEAST_KEY_CHARACTERS = 50


def _refuse_weak_production() -> None:
    """Production starts only with a key of its own, its hosts named, and no debugging."""
    if len(SECRET_KEY) < LEAST_KEY_CHARACTERS or len(set(SECRET_KEY)) < 10 or "not-secret" in SECRET_KEY:
        raise ImproperlyConfigured("REASSURE_SECRET_KEY is missing or weak; expected 50 random characters or more.")
    if not {"REASSURE_HOSTS", "REASSURE_HOSTS_FILE"} & set(env.ENVIRON) or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("REASSURE_HOSTS is missing or *; expected the names by which people reach this.")
    if env.bool("DEBUG", default=False) or env.bool("REASSURE_DEBUG", default=False):
        raise ImproperlyConfigured("DEBUG is set; expected it to be absent in production.")


if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"REASSURE_MODE is {MODE}; expected production, demo or test.")
if MODE == "production":
    _refuse_weak_production()
