"""An e-mail over SMTP.

In:    server, sender, receivers, login if one is needed; a message.
Out:   one mail, with an id that is the same whenever the same thing is told.
Never: logs in without encryption; shows the password.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage

from forecast_core.alerts.channel import SECONDS, Message, RefusedError, TryAgainError, UnsureError

TLS_PORT = 465


@dataclass(frozen=True)
class Mail:
    """One mailbox to send from; `security` is tls (from the start), starttls or none (a relay in the own network)."""

    host: str
    port: int
    sender: str
    receivers: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"

    name = "mail"

    def send(self, message: Message) -> None:
        """Send the mail to all receivers at once."""
        text = self._written(message)
        try:
            server = self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise RefusedError("the mail server refuses the login") from error
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedError("the mail server does not offer what was set") from error
        except ssl.SSLCertVerificationError as error:
            raise RefusedError("the mail server's certificate does not fit") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgainError("the mail server does not answer") from error
        try:
            server.send_message(text)
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(min(code for code, _ in error.recipients.values())) from error
        except (OSError, smtplib.SMTPException) as error:
            raise UnsureError("the mail server broke off before it confirmed") from error
        finally:
            server.close()

    def _open(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=secure)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.security == "starttls":
            server.starttls(context=secure)
        if self.user:
            server.login(self.user, self.password)
        return server

    def _written(self, message: Message) -> EmailMessage:
        text = EmailMessage()
        text["Subject"] = " ".join(message.title.split())[:200]
        text["From"] = Address(addr_spec=self.sender)
        text["To"] = tuple(Address(addr_spec=receiver) for receiver in self.receivers)
        host = self.sender.rpartition("@")[2]
        text["Message-ID"] = f"<{hashlib.sha256(message.id.encode()).hexdigest()[:32]}@{host}>"
        facts = "\n".join(f"{name}: {value}" for name, value in message.facts.items())
        text.set_content("\n\n".join(filter(None, (message.text, facts, message.link))) + "\n")
        return text


def _judged(code: int) -> Exception:
    """A 4xx is for now, a 5xx for good."""
    what = f"the mail server answered {code}"
    return TryAgainError(what) if code < 500 else RefusedError(what)
