"""Settings of the web shell: from the environment or from files named by it; see docs/settings.md."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv()

MODE = env.str("REASSURE_MODE", default="demo")
"""`production`, `demo` or `test`; production refuses to start without its secrets."""
PERSONAS = env.bool("REASSURE_PERSONAS", default=False)
"""Whether somebody of each role may be signed in with one click; set by the command `demo` alone."""
if PERSONAS and MODE != "demo":
    raise ImproperlyConfigured("REASSURE_PERSONAS is for demonstrations; expected it unset.")
DEBUG = False
HOME = Path(env.str("REASSURE_HOME", default="out/web")).resolve()
"""Folder of the database of a small installation, of uploads and of keys."""
SECRET_KEY = env.str("REASSURE_SECRET_KEY", default="" if MODE == "production" else "not-secret-demo-and-tests-only")
SECRET_KEY_FALLBACKS = env.list("REASSURE_SECRET_KEY_OLD", default=[])
"""Keys that were used before and still verify what they signed; see docs/settings.md on changing keys."""
ALLOWED_HOSTS = env.list("REASSURE_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'reassure.sqlite3'}"),
}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
"""A thread keeps its connection, and asks before each request whether it still stands: opening SQLite costs 4 ms."""
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
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "reassure_web.audit",
    "reassure_web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "reassure_web.tokens",
    "reassure_web.places",
    "reassure_web.occasions",
    "reassure_web.engagement",
    "reassure_web.patrols",
    "reassure_web.pages",
]
MIDDLEWARE = [
    "reassure_web.audit.middleware.RequestIds",
    "reassure_web.pages.json_lines.Answers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reassure_web.pages.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "reassure_web.accounts.middleware.Sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "reassure_web.audit.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
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
                "reassure_web.accounts.context.grants",
                "reassure_web.pages.context.shell",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["reassure_web.accounts.backends.LockOut", "reassure_web.accounts.backends.Passwords"]
LOGIN_URL = "/demo/" if PERSONAS else "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SEAL_KEYS = env.list(
    "REASSURE_SEAL_KEYS",
    default=[] if MODE == "production" else ["bm90LXNlY3JldC1kZW1vLWFuZC10ZXN0cy1vbmx5ISE="],
)
"""Keys of sealed values, newest first: 32 random bytes each, as Fernet writes them."""
BEHIND_PROXY = env.bool("REASSURE_BEHIND_PROXY", default=False)
SESSION_COOKIE_AGE = 12 * 3600
"""The longest session; docs/permissions.md says who has to sign in again sooner."""
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_counters"}}
"""Counters of attempts, in the database so that they hold across processes and machines."""

ACCOUNT_ADAPTER = "reassure_web.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "reassure_web.accounts.forms_sign_in.SignInForm",
    "request_login_code": "reassure_web.accounts.forms_sign_in.CodeForm",
    "reset_password": "reassure_web.accounts.forms_sign_in.NewPasswordForm",
    "reset_password_from_key": "reassure_web.accounts.forms_sign_in.LinkedPasswordForm",
    "set_password": "reassure_web.accounts.forms_sign_in.FirstPasswordForm",
    "change_password": "reassure_web.accounts.forms_sign_in.OtherPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Reassure: "
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if MODE == "production" else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": "30/900s/ip,10/900s/key"}
"""For one-time codes; passwords are locked out by axes before."""
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "reassure_web.accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "reassure_web.accounts.forms_sign_in.PasskeyForm",
    "activate_totp": "reassure_web.accounts.forms_sign_in.CodesForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Reassure"
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "reassure_web.accounts.adapter.ForceAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "own",
                "name": env.str("REASSURE_OIDC_NAME", default="your force's account"),
                "client_id": env.str("REASSURE_OIDC_CLIENT", default=""),
                "secret": env.str("REASSURE_OIDC_SECRET", default=""),
                "settings": {"server_url": env.str("REASSURE_OIDC_URL", default="")},
            }
        ]
        if env.str("REASSURE_OIDC_URL", default="")
        else [],
    }
}
"""A force's own sign-in by OpenID Connect; it lets in those who are invited and whose address it has verified."""
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_CALLABLE = "reassure_web.accounts.locking.tried_account"
AXES_CLIENT_IP_CALLABLE = "reassure_web.accounts.locking.address_of"
AXES_LOCKOUT_CALLABLE = "reassure_web.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
"""Five wrong passwords lock the account and the address for 15 minutes; the audit keeps who signed in."""
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("REASSURE_MAIL_FROM", default="reassure@localhost")

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

_FORCE_SIGN_IN = "/".join(env.str("REASSURE_OIDC_URL", default="").split("/")[:3])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *([_FORCE_SIGN_IN] if _FORCE_SIGN_IN else [])],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
"""No page loads, sends or shows anything from elsewhere, a force's own sign-in apart; the nonce is the import map's."""
PERMISSIONS_POLICY: dict[str, list[str] | str] = {
    **{
        feature: []
        for feature in (
            "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
            "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
            "usb", "xr-spatial-tracking", "browsing-topics", "interest-cohort",
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
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # to stand in the browsers' own lists is for the owner of the host name
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    SESSION_COOKIE_NAME = "reassure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "reassure_web.pages.json_lines.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["out"], "level": "WARNING" if _IS_TEST else "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # an answer of ours below 500 is told by its own line
        "axes": {"level": "WARNING"},
    },
}

LEAST_KEY_CHARACTERS = 50


def _refuse_weak_production() -> None:
    """Production starts only with a key of its own, its hosts named, and no debugging."""
    if len(SECRET_KEY) < LEAST_KEY_CHARACTERS or len(set(SECRET_KEY)) < 10 or "not-secret" in SECRET_KEY:
        raise ImproperlyConfigured("REASSURE_SECRET_KEY is missing or weak; expected 50 random characters or more.")
    if not {"REASSURE_HOSTS", "REASSURE_HOSTS_FILE"} & set(env.ENVIRON) or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("REASSURE_HOSTS is missing or *; expected the names by which people reach this.")
    if env.bool("DEBUG", default=False) or env.bool("REASSURE_DEBUG", default=False):
        raise ImproperlyConfigured("DEBUG is set; expected it to be absent in production.")
    if not SEAL_KEYS or any(len(key) != 44 or "not-secret" in key for key in SEAL_KEYS):
        raise ImproperlyConfigured("REASSURE_SEAL_KEYS is missing or weak; expected one or more keys as Fernet makes.")


if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"REASSURE_MODE is {MODE}; expected production, demo or test.")
if MODE == "production":
    _refuse_weak_production()
