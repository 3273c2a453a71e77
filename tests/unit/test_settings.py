"""Settings: read once, refused when unknown or wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from forecast_core.errors import SettingsError
from forecast_core.settings import PREFIX, Settings, env_example


def test_nothing_set_is_the_defaults() -> None:
    assert Settings.load({}) == Settings(Path("data"), 8501, 200, "off", "INFO", "text")


def test_every_field_can_be_set() -> None:
    texts = {"DATA_DIR": "/srv/data", "PORT": "9000", "MAX_UPLOAD_MB": "50", "LIVE_PRICES": "on"}
    texts |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"}
    assert len(texts) == len(fields(Settings))
    loaded = Settings.load({PREFIX + name: text for name, text in texts.items()})
    assert loaded == Settings(Path("/srv/data"), 9000, 50, "on", "DEBUG", "json")


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
