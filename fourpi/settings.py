"""Settings of the site: production by default, conveniences only with EMBEDDED=1.

EMBEDDED=1 is what `make run` sets: SQLite, a worker without a broker, sample
accounts. DEBUG stays off there too, so that a newcomer sees our own error pages.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fourpi.logs import hide_keys


BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _required(name: str, because: str) -> str:
    """Read a setting that has no safe default."""
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"Set {name} ({because}), or EMBEDDED=1 to try the product on one machine."
        )
    return value


def _kept_secret(path: Path) -> str:
    """Read the embedded installation's own secret, making it the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    secret = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


EMBEDDED = env.bool("EMBEDDED", default=False)
DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", default="") or (
    _kept_secret(DATA_DIR / "secret_key")
    if EMBEDDED
    else _required("SECRET_KEY", "a long random text that you keep private")
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=not EMBEDDED)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Shown on the help page, and at the end of each mail.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="") or (
    "help@4pi.example"
    if EMBEDDED
    else _required("CONTACT_EMAIL", "the address at which people reach you")
)
# Answers every page with "we will be back soon", while the site is worked on.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "fourpi",
    "reports",
    "assessments",
    "voices",
    "organisations",
    "standards",
    "fourpi.admin_site.SuperusersAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "django_htmx",
    "django_structlog",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "fourpi.middleware.back_soon",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fourpi.middleware.sessions_end",
    "fourpi.middleware.never_stored",
    "fourpi.middleware.SignInFirst",
    "fourpi.middleware.SecondStepFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "fourpi.urls"
WSGI_APPLICATION = "fourpi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fourpi.context.site",
            ],
            "string_if_invalid": env.str("STRING_IF_INVALID", default=""),
        },
    }
]

# How long the database may take for one thing before whoever waits for a page is told.
# Set for the pages alone by fourpi/wsgi.py: a command or the worker may take longer.
DATABASE_SECONDS = env.float("DATABASE_SECONDS", default=0)
DATABASES = {
    "default": env.db(
        "DATABASE_URL",
        default=(
            f"sqlite:///{DATA_DIR / 'fourpi.sqlite3'}"
            if EMBEDDED
            else _required("DATABASE_URL", "such as postgres://user:password@host/name")
        ),
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # All three together: without IMMEDIATE a read-then-write transaction cannot
    # upgrade its snapshot and fails at once instead of waiting its turn.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["ENGINE"] = "fourpi.postgres"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What DATABASE_URL says itself goes before.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 2,
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "options": f"-c statement_timeout={round(DATABASE_SECONDS * 1000)}",
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache("CACHE_URL", default="locmemcache://fourpi"),
}
if "redis" in CACHES["default"]["BACKEND"].lower():
    CACHES["default"]["OPTIONS"] = {
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
    } | CACHES["default"].get("OPTIONS", {})
SESSION_ENGINE = "fourpi.sessions"
SESSION_SERIALIZER = "fourpi.sealed_sessions.SealingSerializer"
# A session ends when nothing is done for so long, and in any case after the age.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=60 * 60)
SESSION_WARNING_SECONDS = env.int("SESSION_WARNING_SECONDS", default=5 * 60)

BROKER_URL = env.str("BROKER_URL", default="memory://localhost")
HAS_BROKER = not BROKER_URL.startswith("memory")
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60 if HAS_BROKER else 5
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # A killed worker's message comes back only on every Nth sweep unless the
    # throttle is 1, and after the visibility timeout: docs/decisions/0004.
    {
        "visibility_timeout": 300,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
    }
    if BROKER_URL.startswith("redis")
    else {}
)

# How a report is made: docs/decisions/0004.
REPORT_DOORBELL_SECONDS = env.float(
    "REPORT_DOORBELL_SECONDS", default=30.0 if HAS_BROKER else 1.0
)
REPORT_LEASE_SECONDS = env.float("REPORT_LEASE_SECONDS", default=20.0)
REPORT_LEASE_RENEWAL_SECONDS = env.float("REPORT_LEASE_RENEWAL_SECONDS", default=5.0)
# What an organisation may ask for: one report costs as much as a thousand pages.
REPORTS_AN_HOUR = env.int("REPORTS_AN_HOUR", default=10)
REPORT_MAX_ATTEMPTS = env.int("REPORT_MAX_ATTEMPTS", default=3)
REPORT_DEADLINE_SECONDS = env.float("REPORT_DEADLINE_SECONDS", default=55.0)
REPORT_MEMORY_BYTES = env.int("REPORT_MEMORY_BYTES", default=1024**3)
REPORT_FILE_BYTES = env.int("REPORT_FILE_BYTES", default=50 * 1024**2)
# All that an organisation owns, with the files of its reports.
ARCHIVE_FILE_BYTES = env.int("ARCHIVE_FILE_BYTES", default=1024**3)

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = (
    # Tests sign in hundreds of times; argon2 is slow on purpose.
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if env.bool("WEAK_PASSWORD_HASHES", default=False)
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"fourpi.passwords.{name}", "OPTIONS": options}
    for name, options in [
        ("NotLikeYou", {}),
        ("LongEnough", {"min_length": 12}),
        ("NotCommon", {}),
        ("NoExpectedWords", {}),
    ]
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspaces"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "fourpi.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "fourpi.forms.SignInForm",
    "reset_password": "fourpi.forms.ForgottenPasswordForm",
    "reset_password_from_key": "fourpi.forms.NewPasswordForm",
    "reauthenticate": "fourpi.forms.ConfirmPasswordForm",
    "confirm_login_code": "fourpi.forms.MailedCodeForm",
    "change_password": "fourpi.forms.ChangePasswordForm",
    "add_email": "fourpi.forms.NewAddressForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "account"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

ACCOUNT_RATE_LIMITS = {
    # organisations/tries.py says why; the key names the place as well.
    "login_failed": "10/15m/key,200/15m/ip",
    "reset_password": "20/m/ip,5/h/key",
    # How often an address of the network may start to sign up, and how often it may
    # have us write to a mailbox.
    "sign_up_start": "30/h/ip",
    # How often the code of a report may be tried.
    "check_code": "60/h/ip",
    # account_views.py says these minutes.
    "confirm_email": "1/180s/key",
    "sign_up_mail": "60/h/ip,6/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# Whoever has no second step gets a code by mail, unless her device is known.
ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"}
ACCOUNT_LOGIN_BY_CODE_TRUST_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
MFA_TRUST_COOKIE_NAME = "__Host-device" if HTTPS else "device"

MFA_ADAPTER = "fourpi.accounts.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Or nobody with a second step could change her address. Accounts come by invitation,
# so that nobody has one with an address that is not hers.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "4Pi"
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "fourpi.forms.SecondStepForm",
    "reauthenticate": "fourpi.forms.SecondStepAgainForm",
    "activate_totp": "fourpi.forms.FirstCodeForm",
    "add_webauthn": "fourpi.forms.PasskeyForm",
    "edit_webauthn": "fourpi.forms.PasskeyNameForm",
    "authenticate_webauthn": "fourpi.forms.PasskeyStepForm",
    "reauthenticate_webauthn": "fourpi.forms.PasskeyAgainForm",
}

SIMPLE_HISTORY_REVERT_DISABLED = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
# Where finished reports are kept: a bucket that speaks S3, or a folder of ours. Nobody
# reads either but the site itself, which asks whose they are first.
REPORTS_BUCKET = env.str("REPORTS_BUCKET", default="")
_REPORT_STORE = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": REPORTS_BUCKET,
            "endpoint_url": env.str("REPORTS_BUCKET_ADDRESS", default="") or None,
            "region_name": env.str("REPORTS_BUCKET_REGION", default="") or None,
            "access_key": env.str("REPORTS_BUCKET_KEY", default="") or None,
            "secret_key": env.str("REPORTS_BUCKET_SECRET", default="") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    if REPORTS_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600},
    }
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "reports": _REPORT_STORE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("STATIC_MANIFEST", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "fourpi"
CRISPY_TEMPLATE_PACK = "fourpi"

EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if EMBEDDED
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 30
vars().update(env.email("EMAIL_URL") if env.str("EMAIL_URL", default="") else {})
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="4Pi <no-reply@localhost>")

# A person's words may be long in thirty fields, never in a thousand.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# The one file that people send is a spreadsheet. It is read where it arrives and never
# touches a disk; what is larger is let go of while it comes.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FILES = 1

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
CSRF_FAILURE_VIEW = "fourpi.views.csrf_failure"

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            # Plain, because the other formatter prints the variables too, and with
            # them what people wrote.
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=False, exception_formatter=structlog.dev.plain_traceback
                )
                if EMBEDDED
                else structlog.processors.JSONRenderer(),
                hide_keys,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {
        "handlers": ["console"],
        "level": env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO"),
    },
}
