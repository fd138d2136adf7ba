"""Every setting, read from the environment once. docs/settings.md lists them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MINGZHENG_DATA") or ROOT / "data").resolve()
# Owner only; an installation of earlier days is tightened by `migrate`.
DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
PORT = int(os.environ.get("MINGZHENG_PORT") or 8000)
PUBLIC_URL = os.environ.get("MINGZHENG_URL") or f"http://127.0.0.1:{PORT}"
# An RFC 3161 timestamp service for seals and daily heads; empty for none.
TSA_URL = os.environ.get("MINGZHENG_TSA", "")
# ClamAV's socket, which files that come in are shown to: unix:PATH or HOST:PORT; empty for none.
CLAMAV = os.environ.get("MINGZHENG_CLAMAV", "")
STORE = (os.environ.get("MINGZHENG_STORE") or f"file:{DATA / 'store'}").removeprefix("file:")
FONT_PATHS = [path for path in (DATA / "fonts", ROOT / ".venv" / "fonts") if path.is_dir()]

# The secret that an agency's directory knows us by, where no file holds it (agencies/oidc).
OIDC_SECRET = os.environ.get("MINGZHENG_OIDC_SECRET", "")

# A second copy of store and log, from which the scrubber repairs what it finds damaged; empty for
# none.
COPY = os.environ.get("MINGZHENG_COPY") or ""

# The ledger: its public files, its keys (owner only), its name for outsiders (empty: chosen when
# the key is made).
LOG = DATA / "log"
KEYS = DATA / "keys"
ORIGIN = os.environ.get("MINGZHENG_ORIGIN") or ""
# National cryptography: an SM2 line on each head and SM3 beside SHA-256; needs requirements/sm.txt.
SM = os.environ.get("MINGZHENG_SM") == "1"

# Public pages as they were last answered; may be emptied at any time.
PAGES = DATA / "pages"

# The demo lives only where its key file lies: no environment variable can turn a real installation
# into one.
DEMO_KEY = DATA / "demo.key"
DEMO = DEMO_KEY.is_file()
# Whether passwords age and roles must have a second factor: everywhere but in a demo.
ACCOUNT_POLICY = not DEMO


def _secret() -> str:
    path = DATA / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "mingzheng.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                ),
            },
            "TEST": {"NAME": str(DATA / "test.sqlite3")},
        }
    parts = urlparse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [
    host
    for host in os.environ.get("MINGZHENG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Addresses or networks of the proxies before us, whose word about the client's address is taken.
PROXIES = [
    each.strip() for each in os.environ.get("MINGZHENG_PROXIES", "").split(",") if each.strip()
]
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *(
        f"mingzheng.{name}"
        for name in (
            "records",
            "jobs",
            "pages",
            "documents",
            "notices",
            "unsent",
            "agencies",
            "catalogue",
            "rulebook",
            "procedures",
            "cases",
            "evidence",
            "review",
            "disclosure",
            "archive",
            "oversight",
            "desk",
            "portal",
            "capture",
            "site",
        )
    ),
]
MIDDLEWARE = [
    "mingzheng.pages.front.keeping",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mingzheng.site.headers.security_headers",
    # Before everything that reads a body: whoever may not send one is told so first.
    "mingzheng.site.door.Door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mingzheng.desk.identity.identify",
    "mingzheng.site.door.Answers",
    "mingzheng.site.errors.speak_plainly",
]
ROOT_URLCONF = "mingzheng.site.urls"
WSGI_APPLICATION = "mingzheng.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "mingzheng.site.context.installation",
            ],
            "builtins": [
                "mingzheng.site.templatetags.words",
                "mingzheng.site.templatetags.addresses",
            ],
        },
    }
]
AUTH_USER_MODEL = "agencies.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["mingzheng.agencies.passwords.Argon2"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The longest that a session can be; idle and absolute end are asked in `agencies/accounts.toml`.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
CSRF_FAILURE_VIEW = "mingzheng.site.errors.csrf_failed"
# Said over https only; browsers then never come by http again. A year: technical, not law.
SECURE_HSTS_SECONDS = 365 * 86400
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How long what was typed and not sent is kept for its author.
UNSENT_DAYS = int(os.environ.get("MINGZHENG_UNSENT_DAYS") or 30)
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * (1 << 20)
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * (1 << 20)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # One event, one line that begins like one, whatever a stranger put into his address.
    "formatters": {"plain": {"()": "mingzheng.site.log_lines.Plain"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
