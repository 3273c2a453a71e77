"""What can be set from outside, each once.

In:    the environment: `ARCHIVE_FORECAST_<FIELD>`, `PORT` as hosting platforms set it, and MLflow's own names.
Out:   `Settings`, frozen and checked; `env_example()`, the text of `.env.example`.
Never: falls back in silence; an unknown name or a bad value stops the start and says what is allowed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from forecast_core.errors import SettingsError

VERSION = "0.1.0"
PREFIX = "ARCHIVE_FORECAST_"
TEST_ONLY = frozenset({f"{PREFIX}REAL_DATA"})


def _whole(lower: int, upper: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and lower <= int(text) <= upper):
            raise ValueError(f"a whole number from {lower} to {upper}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(", ".join(words))
        return text

    return read


def _folder(text: str) -> Path:
    path = Path(text)
    if not text or (path.exists() and not path.is_dir()):
        raise ValueError("a folder; it is made if it does not exist")
    return path


def _plain_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", text):
        raise ValueError("up to 60 letters, digits, - and _")
    return text


def _database(text: str) -> str:
    if text and not re.match(r"(postgres(ql)?(\+psycopg)?|sqlite)://", text):
        raise ValueError("postgresql://user:password@host/name, sqlite:////folder/file.db, or nothing")
    return text


def _shared(text: str) -> str:
    if text and not re.match(
        r"https://[\w.-]+/\w[\w-]*$|file:///|DefaultEndpointsProtocol=http;|UseDevelopmentStorage=true$", text
    ):
        raise ValueError("https://account.blob.core.windows.net/container, file:///folder, or nothing")
    return text


def _alias(text: str) -> str:
    """Read an alias; the stages that MLflow once had keep their meaning."""
    stages = {"production": "champion", "staging": "challenger", "champion": "champion", "challenger": "challenger"}
    if text.lower() not in stages:
        raise ValueError("champion, challenger, Production, Staging")
    return stages[text.lower()]


def _number(lower: float, upper: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not (re.fullmatch(r"\d+(\.\d+)?", text) and lower <= float(text) <= upper):
            raise ValueError(f"a number from {lower:g} to {upper:g}")
        return float(text)

    return read


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise ValueError("an address that starts with https://")
    return text


def _plain_or_empty(text: str) -> str:
    return _plain_name(text) if text else ""


def _sources(text: str) -> str:
    if not all(re.fullmatch(r"(abfss?|az|s3|gs)://[^\s?#]+", part) for part in text.split()):
        raise ValueError("addresses that start with abfs://, s3:// or gs://, separated by blanks")
    return text


def _origins(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if not all(re.fullmatch(r"https?://[^\s/*]+", part) for part in parts):
        raise ValueError("addresses like https://intranet.example, separated by commas")
    return parts


def _long(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("at least 32 letters nobody can guess")
    return text


def _mailboxes(text: str) -> str:
    if text and not all(re.fullmatch(r"[^@\s]+@[^@\s]+", part.strip()) for part in text.split(",")):
        raise ValueError("addresses like name@company.example, separated by commas")
    return text


def _setting(default: Any, read: Callable[[str], Any], meaning: str, name: str = "", *, secret: bool = False) -> Any:
    """Declare a setting; `name` is its whole name where others gave it one, else it is the prefix and the field.

    The value of a `secret` is never shown, not even where it is wrong.
    """
    return field(
        default=default, repr=not secret, metadata={"read": read, "meaning": meaning, "name": name, "secret": secret}
    )


def name_of(item: Field[Any]) -> str:
    """Return the environment variable of a field."""
    return item.metadata["name"] or PREFIX + item.name.upper()


@dataclass(frozen=True)
class Settings:
    """Everything the surroundings decide; the field order is the order of `.env.example`."""

    data_dir: Path = _setting(Path("data"), _folder, "Folder of uploaded data sets; keep it on a local disk.")
    models_dir: Path = _setting(
        Path("models"), _folder, "Folder of published models; DATA_DIR/models where only the data folder is set."
    )
    port: int = _setting(8501, _whole(1, 65535), "Port of the web app; PORT is read where this is not set.")
    max_upload_mb: int = _setting(200, _whole(1, 2000), "Largest file a user may upload, MB.")
    sources: str = _setting(
        "",
        _sources,
        "Addresses that the Data page may read, abfs:// s3:// gs://, separated by blanks; everything below each.",
    )
    storage_account: str = _setting(
        "", _plain_or_empty, "Azure storage account of abfs:// addresses that name none.", name="AZURE_STORAGE_ACCOUNT"
    )
    storage_key: str = _setting(
        "", str, "Its key; empty is the identity of the machine.", name="AZURE_STORAGE_KEY", secret=True
    )
    storage_endpoint: str = _setting("", str, "Host of an emulator in place of Azure.", name="AZURE_STORAGE_ENDPOINT")
    s3_endpoint: str = _setting(
        "", _address, "Address of a store that speaks S3, in place of Amazon.", name="AWS_ENDPOINT_URL"
    )
    live_prices: str = _setting("off", _one_of("off", "on"), "Whether the Azure Retail Prices API may be asked.")
    levers: str = _setting(
        "live", _one_of("live", "plain"), "live: answers follow the thumb; plain: Streamlit's own widgets."
    )
    log_level: str = _setting("INFO", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "How much is logged.")
    log_format: str = _setting("text", _one_of("text", "json"), "text for people, json for a log collector.")
    database_url: str = _setting(
        "",
        _database,
        "Database of what people keep, postgresql://user:password@host/name; empty is SQLite in the data folder.",
    )
    shared_storage: str = _setting(
        "",
        _shared,
        "Where several machines share data sets and models: https://ACCOUNT.blob.core.windows.net/CONTAINER, file:///FOLDER.",
    )
    archive_log_url: str = _setting(
        "",
        str,
        "Database with the archive log, postgresql://user:password@host/name or mssql://…; its login may only read.",
        secret=True,
    )
    archive_log_schema: str = _setting("", str, "Schema of the archive log; empty is the login's own.")
    archive_log_state: str = _setting("Archived", str, "What the log calls a file that was archived.")
    archive_log_seconds: int = _setting(600, _whole(1, 86400), "How long one question to the log may take, seconds.")
    tracking_uri: str = _setting(
        "", str, "Where trainings are recorded; empty is SQLite in the data folder.", name="MLFLOW_TRACKING_URI"
    )
    model_name: str = _setting(
        "archive-forecast",
        _plain_name,
        "First part of the registered models' names; the data set's id follows.",
        name="MODEL_NAME",
    )
    model_alias: str = _setting(
        "champion",
        _alias,
        "Whose answers are served: champion (Production) or challenger (Staging).",
        name="MODEL_STAGE",
    )

    drift_amount_percent: float = _setting(
        10.0, _number(1, 100), "From which change files, size or rate matter, percent of what was expected."
    )
    drift_share_points: float = _setting(
        3.0, _number(0.5, 50), "From which change a file type's share matters, points."
    )
    drift_forecast_percent: float = _setting(
        10.0, _number(1, 100), "From which change of the next twelve months an alarm is red, percent."
    )
    drift_portfolio_percent: float = _setting(
        3.0, _number(0, 100), "From which part of all GB red scopes make the whole red, percent."
    )
    drift_bias_percent: float = _setting(
        5.0, _number(1, 50), "From which error of the forecast an alarm is raised, percent; twice that is red."
    )
    promotion: str = _setting(
        "person", _one_of("person", "auto"), "Who lets a challenger take over after the monthly round trained one."
    )
    training_schedule: str = _setting(
        "", _address, "Schedule of Azure Machine Learning that a round starts where training is due; empty trains here."
    )
    training_data: str = _setting("history.csv", str, "Name of the data set that this schedule trains.")
    public_url: str = _setting("", _address, "Address of the app as people open it; alerts link to it.")
    alert_webhook: str = _setting(
        "", _address, "Webhook that alerts are posted to: Teams, Slack or any other.", secret=True
    )
    alert_mail_to: str = _setting("", _mailboxes, "Who gets alerts by e-mail, separated by commas.")
    alert_mail_from: str = _setting("", _mailboxes, "Who alerts by e-mail come from.")
    smtp_host: str = _setting("", str, "Mail server of alerts.")
    smtp_port: int = _setting(587, _whole(1, 65535), "Port of the mail server.")
    smtp_security: str = _setting("starttls", _one_of("starttls", "tls", "none"), "How the mail server is reached.")
    smtp_user: str = _setting("", str, "Login at the mail server; empty is none.")
    smtp_password: str = _setting("", str, "Password at the mail server.", secret=True)
    insights: str = _setting(
        "",
        str,
        "Application Insights that gets an event per alert; empty is none.",
        name="APPLICATIONINSIGHTS_CONNECTION_STRING",
        secret=True,
    )
    sign_in: str = _setting(
        "off",
        _one_of("off", "local", "oidc", "easyauth"),
        "How people sign in; off answers to this machine only.",
    )
    secret: str = _setting(
        "",
        _long,
        "Secret of this installation, the same for all its instances; empty is one made in the data folder.",
        secret=True,
    )
    session_hours: int = _setting(12, _whole(1, 168), "How long somebody stays signed in, hours.")
    requests_per_minute: int = _setting(1200, _whole(10, 100_000), "How many requests one may send in a minute.")
    allowed_origins: tuple[str, ...] = _setting(
        (), _origins, "Sites whose pages may ask the API from a browser, separated by commas; empty is none."
    )
    oidc_issuer: str = _setting("", _address, "OpenID Connect provider.")
    oidc_client_id: str = _setting("", str, "Name of this app at the provider.")
    oidc_client_secret: str = _setting("", str, "Secret of this app at the provider.", secret=True)
    role_claim: str = _setting("roles", str, "Claim that holds viewer, analyst or admin.")
    tenant_claim: str = _setting("", str, "Claim that says behind whose wall somebody lives; empty is no walls.")
    app_service: str = _setting("", str, "Set by Azure App Service.", name="WEBSITE_SITE_NAME")
    app_service_auth: str = _setting("", str, "Set by Azure App Service.", name="WEBSITE_AUTH_ENABLED")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of this environment (the process's own by default).

        Raises
        ------
        SettingsError
            For unknown `ARCHIVE_FORECAST_*` names, each with its closest match, or for values that are not allowed;
            all faults at once.
        """
        found = dict(os.environ if environ is None else environ)
        if found.get("PORT"):
            found.setdefault(f"{PREFIX}PORT", found["PORT"])
        if found.get(f"{PREFIX}DATA_DIR"):
            found.setdefault(f"{PREFIX}MODELS_DIR", str(Path(found[f"{PREFIX}DATA_DIR"]) / "models"))
        faults = _unknown(found)
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = found.get(name := name_of(item))
            if text is not None and (text or not item.metadata["name"]):
                try:
                    values[item.name] = item.metadata["read"](text)
                except ValueError as error:
                    shown = "not what it should be" if item.metadata["secret"] else repr(_shown(text))
                    faults.append(f"{name} is {shown}; allowed: {error}")
        if faults:
            raise SettingsError("; ".join(faults) + ".", hint="All settings are listed in .env.example.")
        return cls(**values)


def keep_to_itself(libraries: Mapping[str, str]) -> None:
    """Set what libraries read from the environment and take no argument for; what is set there already stands."""
    for name, value in libraries.items():
        os.environ.setdefault(name, value)


def _shown(text: str) -> str:
    """Return a value for a message; what looks like a password in an address is left out."""
    return re.sub(r"(?<=:)[^:/@]*(?=@)", "***", text)


def _unknown(found: Mapping[str, str]) -> list[str]:
    known = [name_of(item).removeprefix(PREFIX) for item in fields(Settings)]
    faults = []
    for name in sorted(found):
        tail = name.removeprefix(PREFIX)
        if tail != name and tail not in known and name not in TEST_ONLY:
            close = get_close_matches(tail, known, n=1)
            faults.append(f"{name} is unknown" + (f" (did you mean {PREFIX}{close[0]}?)" if close else ""))
    return faults


def env_example() -> str:
    """Return the text of `.env.example`: every setting with its meaning and default."""
    lines = ["# Every setting, with its default. Printed by `make docs`."]
    for item in fields(Settings):
        shown = ",".join(item.default) if isinstance(item.default, tuple) else item.default
        lines += ["", f"# {item.metadata['meaning']}", f"{name_of(item)}={shown}"]
    return "\n".join(lines) + "\n"
