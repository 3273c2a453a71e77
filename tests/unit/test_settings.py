"""Settings: read once, refused when unknown or wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from forecast_core.errors import SettingsError
from forecast_core.settings import Settings, env_example, name_of


def test_nothing_set_is_the_defaults() -> None:
    found = Settings.load({})
    assert (found.data_dir, found.models_dir, found.port) == (Path("data"), Path("models"), 8501)
    assert (found.tracking_uri, found.model_name, found.model_alias) == ("", "archive-forecast", "champion")
    assert found == Settings()


CHOSEN = {
    "ARCHIVE_FORECAST_DATA_DIR": ("/srv/data", Path("/srv/data")),
    "ARCHIVE_FORECAST_MODELS_DIR": ("/srv/models", Path("/srv/models")),
    "ARCHIVE_FORECAST_PORT": ("9000", 9000),
    "ARCHIVE_FORECAST_MAX_UPLOAD_MB": ("50", 50),
    "ARCHIVE_FORECAST_LOG_LEVEL": ("DEBUG", "DEBUG"),
    "ARCHIVE_FORECAST_LOG_FORMAT": ("json", "json"),
    "ARCHIVE_FORECAST_LIVE_PRICES": ("on", "on"),
    "ARCHIVE_FORECAST_DATABASE_URL": ("postgresql://u:p@h/n", "postgresql://u:p@h/n"),
    "ARCHIVE_FORECAST_ARCHIVE_LOG_URL": ("mssql://u:p@h/n", "mssql://u:p@h/n"),
    "ARCHIVE_FORECAST_ARCHIVE_LOG_SCHEMA": ("dbo", "dbo"),
    "ARCHIVE_FORECAST_ARCHIVE_LOG_STATE": ("Done", "Done"),
    "ARCHIVE_FORECAST_ARCHIVE_LOG_SECONDS": ("60", 60),
    "ARCHIVE_FORECAST_LEVERS": ("plain", "plain"),
    "MLFLOW_TRACKING_URI": ("http://mlflow:5000", "http://mlflow:5000"),
    "MODEL_NAME": ("estate", "estate"),
    "MODEL_STAGE": ("Staging", "challenger"),
    "ARCHIVE_FORECAST_DRIFT_AMOUNT_PERCENT": ("15", 15.0),
    "ARCHIVE_FORECAST_DRIFT_SHARE_POINTS": ("2.5", 2.5),
    "ARCHIVE_FORECAST_DRIFT_FORECAST_PERCENT": ("20", 20.0),
    "ARCHIVE_FORECAST_DRIFT_PORTFOLIO_PERCENT": ("5", 5.0),
    "ARCHIVE_FORECAST_DRIFT_BIAS_PERCENT": ("4", 4.0),
    "ARCHIVE_FORECAST_PROMOTION": ("auto", "auto"),
    "ARCHIVE_FORECAST_PUBLIC_URL": ("https://f.example", "https://f.example"),
    "ARCHIVE_FORECAST_ALERT_WEBHOOK": ("https://h.example/x", "https://h.example/x"),
    "ARCHIVE_FORECAST_ALERT_MAIL_TO": ("a@x.example, b@x.example", "a@x.example, b@x.example"),
    "ARCHIVE_FORECAST_ALERT_MAIL_FROM": ("f@x.example", "f@x.example"),
    "ARCHIVE_FORECAST_SMTP_HOST": ("mail.x.example", "mail.x.example"),
    "ARCHIVE_FORECAST_SMTP_PORT": ("25", 25),
    "ARCHIVE_FORECAST_SMTP_SECURITY": ("none", "none"),
    "ARCHIVE_FORECAST_SMTP_USER": ("me", "me"),
    "ARCHIVE_FORECAST_SMTP_PASSWORD": ("p", "p"),
    "ARCHIVE_FORECAST_SHARED_STORAGE": ("file:///shared", "file:///shared"),
    "ARCHIVE_FORECAST_SOURCES": ("abfs://inv@acc s3://b/x", "abfs://inv@acc s3://b/x"),
    "AZURE_STORAGE_ACCOUNT": ("acc", "acc"),
    "AZURE_STORAGE_KEY": ("k", "k"),
    "AWS_ENDPOINT_URL": ("http://minio:9000", "http://minio:9000"),
    "AZURE_STORAGE_ENDPOINT": ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    "APPLICATIONINSIGHTS_CONNECTION_STRING": ("InstrumentationKey=k", "InstrumentationKey=k"),
    "ARCHIVE_FORECAST_SIGN_IN": ("oidc", "oidc"),
    "ARCHIVE_FORECAST_SECRET": ("s" * 32, "s" * 32),
    "ARCHIVE_FORECAST_SESSION_HOURS": ("8", 8),
    "ARCHIVE_FORECAST_REQUESTS_PER_MINUTE": ("600", 600),
    "ARCHIVE_FORECAST_ALLOWED_ORIGINS": (
        "https://a.example, https://b.example/",
        ("https://a.example", "https://b.example"),
    ),
    "ARCHIVE_FORECAST_OIDC_ISSUER": ("https://i.example/x", "https://i.example/x"),
    "ARCHIVE_FORECAST_OIDC_CLIENT_ID": ("forecast", "forecast"),
    "ARCHIVE_FORECAST_OIDC_CLIENT_SECRET": ("s", "s"),
    "ARCHIVE_FORECAST_ROLE_CLAIM": ("groups", "groups"),
    "ARCHIVE_FORECAST_TENANT_CLAIM": ("company", "company"),
    "ARCHIVE_FORECAST_TRAINING_SCHEDULE": ("https://m.example/schedules/s", "https://m.example/schedules/s"),
    "ARCHIVE_FORECAST_TRAINING_DATA": ("estate.csv", "estate.csv"),
    "WEBSITE_SITE_NAME": ("site", "site"),
    "WEBSITE_AUTH_ENABLED": ("true", "true"),
}


def test_every_field_can_be_set() -> None:
    assert {name_of(item) for item in fields(Settings)} == set(CHOSEN)
    loaded = Settings.load({name: text for name, (text, _) in CHOSEN.items()})
    assert {name_of(item): getattr(loaded, item.name) for item in fields(Settings)} == {
        name: value for name, (_, value) in CHOSEN.items()
    }


def test_models_follow_the_data_folder_unless_they_have_their_own() -> None:
    assert Settings.load({"ARCHIVE_FORECAST_DATA_DIR": "/srv"}).models_dir == Path("/srv/models")


def test_names_that_others_gave_may_be_empty() -> None:
    assert Settings.load({"MLFLOW_TRACKING_URI": "", "MODEL_NAME": "", "MODEL_STAGE": ""}) == Settings()


@pytest.mark.parametrize(
    ("stage", "alias"), [("Production", "champion"), ("staging", "challenger"), ("champion", "champion")]
)
def test_a_stage_is_read_as_an_alias(stage: str, alias: str) -> None:
    assert Settings.load({"MODEL_STAGE": stage}).model_alias == alias


def test_a_stage_that_never_was_is_refused() -> None:
    with pytest.raises(
        SettingsError, match="MODEL_STAGE is 'Archived'; allowed: champion, challenger, Production, Staging"
    ):
        Settings.load({"MODEL_STAGE": "Archived"})
    with pytest.raises(SettingsError, match="MODEL_NAME"):
        Settings.load({"MODEL_NAME": "a b"})


def test_port_of_the_platform_is_used_unless_our_own_is_set() -> None:
    assert Settings.load({"PORT": "9001"}).port == 9001
    assert Settings.load({"PORT": "9001", "ARCHIVE_FORECAST_PORT": "9002"}).port == 9002
    assert Settings.load({"PORT": ""}).port == 8501


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FORECAST_PORT", "9003")
    assert Settings.load().port == 9003


def test_every_fault_is_named_at_once_with_what_is_allowed() -> None:
    environ = {
        "ARCHIVE_FORECAST_LOG_LEVL": "INFO",
        "ARCHIVE_FORECAST_PORT": "http",
        "ARCHIVE_FORECAST_LOG_FORMAT": "xml",
    }
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ)
    text = str(caught.value)
    assert "ARCHIVE_FORECAST_LOG_LEVL is unknown (did you mean ARCHIVE_FORECAST_LOG_LEVEL?)" in text
    assert "ARCHIVE_FORECAST_PORT is 'http'; allowed: a whole number from 1 to 65535" in text
    assert "ARCHIVE_FORECAST_LOG_FORMAT is 'xml'; allowed: text, json" in text
    assert ".env.example" in text


def test_a_database_is_one_we_know_and_its_password_is_never_shown() -> None:
    with pytest.raises(SettingsError, match="allowed: postgresql://") as caught:
        Settings.load({"ARCHIVE_FORECAST_DATABASE_URL": "mysql://ann:geheim@host/name"})
    assert "geheim" not in str(caught.value)
    assert Settings.load({"ARCHIVE_FORECAST_DATABASE_URL": ""}).database_url == ""


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8501.0", "٨٥٠١", ""])
def test_a_port_is_a_whole_number_in_range(port: str) -> None:
    with pytest.raises(SettingsError, match="1 to 65535"):
        Settings.load({"ARCHIVE_FORECAST_PORT": port})


def test_a_name_like_nothing_known_gets_no_guess() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"ARCHIVE_FORECAST_QQQQ": "1"})
    assert "did you mean" not in str(caught.value)


def test_other_names_and_the_test_variable_are_left_alone() -> None:
    assert Settings.load({"HOME": "/srv", "ARCHIVE_FORECAST_REAL_DATA": "/srv/real"}) == Settings()


def test_data_dir_is_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(SettingsError, match="a folder"):
        Settings.load({"ARCHIVE_FORECAST_DATA_DIR": str(file)})
    assert Settings.load({"ARCHIVE_FORECAST_DATA_DIR": str(tmp_path / "new")}).data_dir == tmp_path / "new"


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_example_loads_to_the_defaults() -> None:
    lines = [line for line in env_example().splitlines() if line and not line.startswith("#")]
    assert Settings.load(dict(line.split("=", 1) for line in lines)) == Settings()


@pytest.mark.parametrize(
    "address", ["https://a.blob.core.windows.net/data", "file:///mnt/shared", "UseDevelopmentStorage=true", ""]
)
def test_shared_storage_may_lie_in(address: str) -> None:
    assert Settings.load({"ARCHIVE_FORECAST_SHARED_STORAGE": address}).shared_storage == address


@pytest.mark.parametrize("address", ["/mnt/shared", "https://a.blob.core.windows.net", "http://a/b", "s3://b"])
def test_shared_storage_may_not_lie_in(address: str) -> None:
    with pytest.raises(SettingsError, match="ARCHIVE_FORECAST_SHARED_STORAGE"):
        Settings.load({"ARCHIVE_FORECAST_SHARED_STORAGE": address})
