"""The ways to tell people that were set up.

In:    settings.
Out:   channels.
Never: shows an address or a password.
"""

from __future__ import annotations

from datetime import UTC, datetime

from forecast_core import Channel, Insights, Mail, Settings, SettingsError, Webhook


def channels(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels of these settings; SettingsError where one is only half set up."""
    found: list[Channel] = []
    if settings.alert_webhook:
        found.append(Webhook(settings.alert_webhook))
    if settings.alert_mail_to:
        found.append(_mail(settings))
    if settings.insights:
        try:
            found.append(Insights(settings.insights, _now))
        except ValueError as error:
            raise SettingsError(
                "The connection string of Application Insights is incomplete.", allowed=str(error)
            ) from None
    return tuple(found)


def _now() -> datetime:
    return datetime.now(UTC)


def _mail(settings: Settings) -> Mail:
    if not (settings.smtp_host and settings.alert_mail_from):
        raise SettingsError(
            "E-mail alerts need a mail server and a sender.",
            hint="Set ARCHIVE_FORECAST_SMTP_HOST and ARCHIVE_FORECAST_ALERT_MAIL_FROM.",
        )
    if settings.smtp_user and settings.smtp_security == "none":
        raise SettingsError("A login at the mail server needs encryption.", allowed="starttls, tls")
    return Mail(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.alert_mail_from,
        receivers=tuple(part.strip() for part in settings.alert_mail_to.split(",")),
        user=settings.smtp_user,
        password=settings.smtp_password,
        security=settings.smtp_security,
    )
