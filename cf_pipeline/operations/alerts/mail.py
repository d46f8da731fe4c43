"""The channel of mail: SMTP with encryption, a login where one is given, and no wait without an end."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from cf_pipeline.operations.alerts.message import Message
from cf_pipeline.operations.alerts.webhooks import SECONDS_TO_ANSWER, ChannelError
from cf_pipeline.project.operations.alert_secrets import AlertSecrets
from cf_pipeline.project.operations.alert_settings import STARTTLS, TLS, MailSettings


def send_mail(mail: MailSettings, secrets: AlertSecrets, message: Message) -> None:
    """Send a message to every recipient.

    Raises:
        ChannelError: the server is not reached, offers no encryption, or refuses the login or the mail.
    """
    server = f"{mail.host}:{mail.port}"
    reason = ""
    try:
        _send(mail, secrets, _email(mail, message))
    except smtplib.SMTPAuthenticationError:
        reason = "it refuses the login; correct CF_ALERTS_SMTP_USER and CF_ALERTS_SMTP_PASSWORD"
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
        reason = "it refuses an address; correct mail_from and mail_to under [alerts]"
    except smtplib.SMTPNotSupportedError:
        reason = "it offers no encryption or no login; correct smtp_server and smtp_security under [alerts]"
    except ssl.SSLError:
        reason = "its certificate is not trusted (SSL_CERT_FILE names your own), or smtp_security is wrong"
    except (smtplib.SMTPException, OSError) as error:
        kind = type(error).__name__
        reason = f"it cannot be reached, or breaks off ({kind}); check smtp_server under [alerts]"
    if reason:
        raise ChannelError(f"The mail server {server} took no message: {reason}.")


def _send(mail: MailSettings, secrets: AlertSecrets, email: EmailMessage) -> None:
    trust = ssl.create_default_context()
    if mail.security == TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=SECONDS_TO_ANSWER, context=trust
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS_TO_ANSWER)
    with server:
        if mail.security == STARTTLS:
            server.starttls(context=trust)
        if secrets.smtp_user:
            server.login(secrets.smtp_user, secrets.smtp_password)
        server.send_message(email)


def _email(mail: MailSettings, message: Message) -> EmailMessage:
    email = EmailMessage()
    email["From"], email["To"] = mail.sender, ", ".join(mail.recipients)
    email["Subject"], email["Date"] = message.subject, formatdate()
    email["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text + "\n")
    return email
