"""The channels: what each sends, and the sentence where it fails, which tells no secret."""

from __future__ import annotations

import socket
import threading

import pytest

from cf_pipeline.operations.alerts.channels import find_channels, send_message
from cf_pipeline.operations.alerts.message import Message
from cf_pipeline.operations.alerts.webhooks import ChannelError, ask_watchdog
from cf_pipeline.project.operations.alert_secrets import AlertSecrets
from cf_pipeline.project.operations.alert_settings import AlertSettings, MailSettings
from tests.support.local_servers import mail_server, web_server

MESSAGE = Message("Subject", ("New: camden: 1 <thing> & more.", "Over: all."))
NOBODY = AlertSecrets()
LOGIN = AlertSecrets(**{"smtp_user": "ana", "smtp_password": "k3y"})


def mail(port: int, security: str = "none") -> AlertSettings:
    return AlertSettings(
        True, 0, 0, MailSettings("p@b.example", ("a@b.example", "c@b.example"), "127.0.0.1", port, security)
    )


def send(settings: AlertSettings, secrets: AlertSecrets = NOBODY) -> list[str]:
    outcomes = send_message(find_channels(settings, secrets), MESSAGE)
    return [outcome.sentence for outcome in outcomes]


NO_MAIL = AlertSettings(True, 0, 0, None)


def test_mail_reaches_every_recipient() -> None:
    with mail_server() as server:
        assert send(mail(server.port)) == ["Mail took the message."]
    [email] = server.mails
    assert (email["To"], email["From"], email["Subject"]) == (
        "a@b.example, c@b.example",
        "p@b.example",
        "Subject",
    )
    assert email.get_payload().splitlines() == list(MESSAGE.lines)


def test_mail_logs_in_where_a_login_is_given() -> None:
    with mail_server(offers_login=True) as server:
        assert send(mail(server.port), LOGIN) == ["Mail took the message."]
    assert len(server.logins) == 1


@pytest.mark.parametrize(
    ("refuses", "words"),
    [("AUTH", "refuses the login"), ("RCPT", "refuses an address"), ("DATA", "breaks off")],
)
def test_what_a_mail_server_refuses_is_named_without_the_password(refuses: str, words: str) -> None:
    with mail_server(refuses, offers_login=True) as server:
        [sentence] = send(mail(server.port), LOGIN)
    assert words in sentence and "k3y" not in sentence and not server.mails


def test_without_encryption_on_offer_no_login_and_no_mail_is_sent() -> None:
    with mail_server(offers_login=True) as server:
        [sentence] = send(mail(server.port, "starttls"), LOGIN)
    assert "offers no encryption" in sentence and not server.logins and not server.mails


def test_teams_gets_an_adaptive_card() -> None:
    with web_server(status=202) as server:
        assert send(NO_MAIL, AlertSecrets(teams_url=server.url)) == ["Teams took the message."]
    [(method, path, payload)] = server.requests
    assert (method, path, payload["type"]) == ("POST", "/k3y", "message")
    [attachment] = payload["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")
    assert [block["text"] for block in card["body"]] == [MESSAGE.subject, *MESSAGE.lines]
    assert all(block["wrap"] for block in card["body"])


def test_slack_gets_text_in_which_nothing_is_a_link() -> None:
    with web_server() as server:
        assert send(NO_MAIL, AlertSecrets(slack_url=server.url)) == ["Slack took the message."]
    [(_, _, payload)] = server.requests
    assert payload == {"text": "Subject\nNew: camden: 1 &lt;thing&gt; &amp; more.\nOver: all."}


@pytest.mark.parametrize("status", [301, 307, 404, 500])
def test_an_address_that_does_not_take_the_message_is_told_without_its_secret(status: int) -> None:
    with web_server() as other, web_server(status, {"Location": other.url}) as server:
        [sentence] = send(NO_MAIL, AlertSecrets(slack_url=server.url))
    assert f"answers {status}" in sentence and "CF_ALERTS_SLACK_URL" in sentence and "k3y" not in sentence
    assert other.requests == []


def test_a_channel_that_is_down_does_not_keep_the_others_from_the_message() -> None:
    with web_server() as server:
        secrets = AlertSecrets(teams_url="http://127.0.0.1:1/k3y", slack_url=server.url)
        teams, slack = send(NO_MAIL, secrets)
    assert "cannot be reached" in teams and "k3y" not in teams
    assert slack == "Slack took the message."


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    release = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channels = find_channels(mail(silent.getsockname()[1]), NOBODY)
        [outcome] = send_message(channels, MESSAGE, most_seconds=0.2)
        release.set()
    assert "took no message in 0 seconds" in outcome.sentence


def test_the_watchdog_is_asked_with_a_get() -> None:
    with web_server() as server:
        ask_watchdog(server.url)
    assert server.requests == [("GET", "/k3y", None)]
    with web_server(500) as server, pytest.raises(ChannelError, match="The watchdog"):
        ask_watchdog(server.url)
