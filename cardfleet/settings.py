"""Settings, from the environment only; `.env.example` lists them all.

Without DATABASE_URL and REDIS_URL the embedded pair of servers is used (`cardfleet.embedded`), which also keeps the
keys of a demo or a development checkout. Anywhere else a missing secret ends the start with a sentence.
"""

import os
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from cardfleet import browser_policy, company_sign_in, embedded
from cardfleet.admin_look import UNFOLD as UNFOLD
from cardfleet.enum_names import ENUM_NAMES

BASE_DIR = Path(__file__).resolve().parent.parent
CARDFLEET_HOME = Path(os.environ.get("CARDFLEET_HOME", BASE_DIR / "var")).resolve()
embedded.prepare_environment(CARDFLEET_HOME)

env = environ.FileAwareEnv()

DEMO = env.bool("CARDFLEET_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEYS = env.list("FIELD_KEYS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pgtrigger",
    "rest_framework",
    "cardfleet.kernel",
    "cardfleet.journal",
    "cardfleet.accounts",
    "cardfleet.files",
    "cardfleet.notify",
    "cardfleet.jobs",
    "cardfleet.webhooks",
    "cardfleet.lists",
    "cards",
    "agents",
    "billing",
    "lifecycle",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "cardfleet.kernel.middleware.RequestIdMiddleware",
    "cardfleet.kernel.browsers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cardfleet.kernel.browsers.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "cardfleet.kernel.api.middleware.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cardfleet.accounts.middleware.PersonMiddleware",
    "cardfleet.kernel.middleware.RefusalMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "cardfleet.urls"
WSGI_APPLICATION = "cardfleet.wsgi.application"
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
                "cardfleet.kernel.context.page",
                "cardfleet.accounts.kept.given_back",
            ],
        },
    },
]
# Widgets look into templates/ too: what nothing chosen is called.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
FILTERS_EMPTY_CHOICE_LABEL = _("any")

KEPT_CONNECTION = {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": {**env.db("DATABASE_URL"), **KEPT_CONNECTION}}
DATABASE_OWNER = env.str("DATABASE_OWNER", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USAGE_PARTITION = env.str("USAGE_PARTITION", default="month")
CALLING_WINDOW = env.str("CALLING_WINDOW", default="09:00-12:00,14:00-20:00")

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "cardfleet.kernel.heartbeat.WatchedScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(CARDFLEET_HOME / "beat")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 3600}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cardfleet.accounts.backends.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cardfleet.accounts.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "cardfleet.accounts.adapters.SealedMFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ROLES = env.list("MFA_ROLES", default=[] if DEMO else ["admin", "finance", "compliance"])
COMPANY_SIGN_IN = company_sign_in.read(env)
SOCIALACCOUNT_ADAPTER = "cardfleet.accounts.adapters.CompanyAccountAdapter"
CSRF_FAILURE_VIEW = "cardfleet.accounts.middleware.page_too_old"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600

SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
# A name with this prefix is taken from this very host over HTTPS only, never from another below the same domain.
HOST_ONLY = "__Host-" if SECURE_COOKIES else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_ONLY}sessionid", f"{HOST_ONLY}csrftoken"
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_SAMESITE = f"{HOST_ONLY}django_language", "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEMO else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = browser_policy.PAGES
ADMINISTRATION_POLICY = browser_policy.ADMINISTRATION
BROWSER_HEADERS = browser_policy.HEADERS

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(CARDFLEET_HOME / "static")))
MEDIA_ROOT = Path(env.str("FILES_ROOT", default=str(CARDFLEET_HOME / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["gif", "jpg", "png", "webp", "woff", "woff2", "gz", "br", "zip", "map"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=256) * 1024 * 1024
# A folder with a folder for each connection by files; empty: there are none.
CONNECTIONS_DIR = env.str("CONNECTIONS_DIR", default="")
# Public keys of age (age1…): backups are for their owners alone.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
OUTGOING_ALLOWED_HOSTS = env.list("OUTGOING_ALLOWED_HOSTS", default=[])

vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
MAIL_MAX_BYTES = env.int("MAIL_MAX_MB", default=10) * 1024 * 1024
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CardFleet <cardfleet@localhost>")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cardfleet.accounts.authentication.PersonTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cardfleet.kernel.api.permissions.HasRight"],
    "DEFAULT_RENDERER_CLASSES": ["drf_orjson_renderer.renderers.ORJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cardfleet.kernel.api.parsers.OneMeaningJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["cardfleet.kernel.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "cardfleet.kernel.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "cardfleet.kernel.api.operations.Operations",
    "DEFAULT_THROTTLE_CLASSES": ["cardfleet.kernel.api.throttling.TokenThrottle"],
    "EXCEPTION_HANDLER": "cardfleet.kernel.api.errors.answer",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "TOKEN_LIMIT_PER_USER": 20}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - the name of a model
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=6_000)
# How long a token from signing in by name and password lasts, and how long any may at most.
API_TOKEN_HOURS = env.int("API_TOKEN_HOURS", default=24 * 30)
API_TOKEN_MAX_DAYS = env.int("API_TOKEN_MAX_DAYS", default=90)
# How many proxies in front are ours, whose X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
SPECTACULAR_SETTINGS = {
    "TITLE": "CardFleet API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cardfleet.kernel.api.vocabularies.gather_labels",
        "cardfleet.kernel.api.schema.add_errors",
        "cardfleet.kernel.api.schema_manners.add_manners",
        "cardfleet.kernel.api.examples.add_examples",
    ],
}

# A gate is `block` or `warn until YYYY-MM-DD`: a company taking over a running fleet may need a few weeks.
GATES = {
    "real_name": env.str("GATE_REAL_NAME", default="block"),
    "training": env.str("GATE_TRAINING", default="block"),
    "policies": env.str("GATE_POLICIES", default="block"),
    "actual_user": env.str("GATE_ACTUAL_USER", default="block"),
}

# A request that would leave an agent with more cards than this needs compliance as well.
CARDS_PER_AGENT = env.int("CARDS_PER_AGENT", default=2)

# Days: how often PIN and service password of a held card are changed; from a training's lapse until cards come back.
SECRET_CHANGE_DAYS = env.int("SECRET_CHANGE_DAYS", default=180)
TRAINING_RETURN_DAYS = env.int("TRAINING_RETURN_DAYS", default=7)

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "cardfleet.kernel.logs.configure"
LOGGING = {"level": LOG_LEVEL, "json": not DEBUG and not DEMO}
