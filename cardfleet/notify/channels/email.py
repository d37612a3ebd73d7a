"""E-mail, by Django's SMTP."""

import smtplib

from django.core.mail import EmailMessage

from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.errors import Undelivered


def send(letter: Letter) -> str:
    """Send an e-mail and return what to log. Undelivered: for good when the server refuses the address or the letter.

    A server that refuses everybody, by its greeting or for who sends, says nothing of either: it is tried again.
    """
    subject = " ".join(letter.subject.split())
    try:
        _mail(subject, letter).send()
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        raise Undelivered(_said(code, answer), permanent=_is_final(code)) from error
    except smtplib.SMTPDataError as error:
        raise Undelivered(_said(error.smtp_code, error.smtp_error), permanent=_is_final(error.smtp_code)) from error
    except smtplib.SMTPResponseException as error:
        raise Undelivered(_said(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Undelivered(f"{type(error).__name__}: {error}") from error
    return "accepted by the mail server"


def _mail(subject: str, letter: Letter) -> EmailMessage:
    mail, file = EmailMessage(subject, letter.body, to=[letter.address]), letter.attachment
    if file is None:
        return mail
    if not file.content:
        raise Undelivered("the file to be sent was deleted in the meantime", permanent=True)
    with file.content.open("rb") as content:
        mail.attach(file.name, content.read(), file.content_type)
    return mail


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _said(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
